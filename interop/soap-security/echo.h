// So much of farcall's echo as it takes to sign in, for soapcpp2.
#import "wsse.h"

//gsoap n service name: Echo
//gsoap n service namespace: urn:farcall:Echo
//gsoap n schema elementForm: qualified
//gsoap n service method-action: string "urn:farcall:Echo#string"
//gsoap n service method-style: string document
int n__string(char *x, struct n__stringResponse { char *return_; } *r);
