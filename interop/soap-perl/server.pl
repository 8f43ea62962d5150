# The operations of golden/soap/enc.wsdl on SOAP::Lite, rpc/encoded. Usage: server.pl PORT
use strict;
use warnings;
use SOAP::Transport::HTTP;

package Enc;

# what comes in goes out, under the name that the WSDL gives the result
sub back { return SOAP::Data->name(return => $_[0]) }

sub echoString {
    my ($class, $v) = @_;
    die SOAP::Fault->faultcode('Server')->faultstring('as asked') if $v eq 'fail';
    return back($v)->type('string');
}
sub echoStringArray { my ($class, $v) = @_; return back([map { SOAP::Data->type(string => $_) } @$v]) }
sub echoDouble { return back($_[1])->type('double') }
sub echoDate { return back($_[1])->type('dateTime') }
sub echoBase64 { return back($_[1])->type('base64Binary') }
sub echoNode { return back($_[1]) }

# one object at all places
sub echoNodeArray { my ($class, $v) = @_; return back([map { $v->[0] } @$v]) }
sub echoAny { return back($_[1]) }

package main;

my $daemon = SOAP::Transport::HTTP::Daemon->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], ReuseAddr => 1);
$daemon->dispatch_with({'urn:farcall:enc' => 'Enc'})->handle;
