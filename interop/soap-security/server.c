/* gSOAP, which checks the UsernameToken of every call. Usage: server PORT */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "Echo.nsmap"
#include "soapH.h"
#include "wsseapi.h"

int n__string(struct soap *soap, char *x, struct n__stringResponse *r)
{
  const char *user = soap_wsse_get_Username(soap);
  if (!user)
    return soap->error;
  if (strcmp(user, "ann") || soap_wsse_verify_Password(soap, "secret")) {
    int error = soap->error;
    soap_wsse_delete_Security(soap);
    return error ? error : soap_wsse_fault(soap, wsse__FailedAuthentication, "no such user");
  }
  /* calls that ask for it say when they expire */
  if (!strcmp(x, "in time") && soap_wsse_verify_Timestamp(soap))
    return soap->error;
  soap_wsse_delete_Security(soap);
  r->return_ = x;
  return SOAP_OK;
}

int main(int argc, char **argv)
{
  struct soap *soap = soap_new();
  signal(SIGPIPE, SIG_IGN);
  soap_register_plugin(soap, soap_wsse);
  soap->bind_flags = SO_REUSEADDR;
  if (argc < 2 || !soap_valid_socket(soap_bind(soap, "127.0.0.1", atoi(argv[1]), 100))) {
    soap_print_fault(soap, stderr);
    return 1;
  }
  while (soap_valid_socket(soap_accept(soap))) {
    soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
  }
  return 0;
}
