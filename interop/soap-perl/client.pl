# SOAP::Lite against farcall. Usage: client.pl URL
use strict;
use warnings;
use utf8;
use SOAP::Lite;

binmode STDOUT, ':encoding(UTF-8)';
(my $base = $ARGV[0]) =~ s{/RPC2$}{};
my ($count, $failed) = (0, 0);

sub report {
    my ($good, $name, $why) = @_;
    $count++;
    print $good ? 'ok' : 'not ok', " $count - $name\n";
    return if $good;
    $failed++;
    $why = defined $why ? "$why" : 'nothing';
    $why =~ s/^/# /mg;
    print "$why\n";
}

sub shown {
    my ($value) = @_;
    return 'undef' unless defined $value;
    return '[' . join(',', map { shown($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(',', map { "$_:" . shown($value->{$_}) } sort keys %$value) . '}' if ref $value;
    return "$value";
}

sub equal {
    my ($name, $reply, $wanted) = @_;
    my $got = ref $reply && $reply->fault ? 'fault: ' . $reply->faultstring : shown($reply->result);
    report($got eq $wanted, $name, "got    $got\nwanted $wanted");
}

sub service {
    my ($name, $interface) = @_;
    # a fault is for the caller to look at
    return SOAP::Lite->proxy("$base/$name", timeout => 20)->ns("urn:farcall:$interface")->on_fault(sub { $_[1] });
}

my $fortune = service('fortune', 'Fortune');
my $cookie = $fortune->call('get_cookie');
report(!$cookie->fault && length $cookie->result, 'fortune', $cookie->faultstring);

# parameters get names that SOAP::Lite makes up: c-gensym…
my $strings = service('strings', 'Strings');
equal('reverse', $strings->call('reverse', SOAP::Data->type(string => 'añb')), 'bña');
equal('join', $strings->call('join', ['a', 'b'], '-'), 'a-b');
equal('join of one', $strings->call('join', ['a'], '-'), 'a');
equal('join of none', $strings->call('join', [], '-'), '');
equal('a dotted name', $strings->call('text.word_count', 'two words'), '2');

my $echo = service('echo', 'Echo');
sub x { return SOAP::Data->name(x => $_[0]) }
equal('echo.i32', $echo->call('i32', x(-2147483648)), '-2147483648');
equal('echo.f64', $echo->call('f64', x(0.5)), '0.5');
equal('echo.f64 INF', $echo->call('f64', x('INF')->type('double')), 'INF');
equal('echo.string', $echo->call('string', x("a<b>&\"'")->type('string')), "a<b>&\"'");
equal('echo.string empty', $echo->call('string', x('')->type('string')), '');
equal('echo.bytes', $echo->call('bytes', x("\0\1\xff")->type('base64')), "\0\1\xff");
equal('echo.optional nil', $echo->call('optional', x(undef)), 'undef');
equal('echo.any int', $echo->call('any', x(5)), '5');
equal('echo.any array', $echo->call('any', x([1, 'two', undef])), '[1,two,undef]');
equal('echo.any hash', $echo->call('any', x({k => 1, v => 'two'})), '{k:1,v:two}');
equal('echo.any empty array', $echo->call('any', x([])), '[]');
my $structure = {name => 'n', size => 1, ratio => 0.5, tags => ['s', 't'], note => 'x'};
equal('echo.structure', $echo->call('structure', x($structure)), '{name:n,note:x,ratio:0.5,size:1,tags:[s,t]}');

# one object at two places: multiRef
my $leaf = {label => 'leaf'};
my $tree = $echo->call('tree', x({label => 'root', branches => [$leaf, $leaf]}));
equal('a shared object', $tree, '{branches:[{branches:[],label:leaf},{branches:[],label:leaf}],label:root}');
my $cycle = {label => 'r'};
$cycle->{branches} = [$cycle];
my $refused = $echo->call('tree', x($cycle));
report($refused->fault && $refused->faultstring =~ /cycle/, 'a cycle is refused by name', $refused->faultstring);
delete $cycle->{branches};

my $bank = service('bank', 'Bank');
my $opened = $bank->call('open', SOAP::Data->name(owner => 'ann'))->result;
report($opened->{Address} =~ m{/bank/A}, 'a reference to an object', shown($opened));
my $account = (split /~/, (split m{/}, $opened->{Address})[-1])[0];
my $fault = $bank->call('withdraw', SOAP::Data->name(account => $account), SOAP::Data->name(amount => 9)->type('double'));
report($fault->fault && $fault->faultcode =~ /Server$/, 'a typed fault', $fault->faultcode);
report(shown($fault->faultdetail) =~ /requested:9/, 'its members', shown($fault->faultdetail));
my $wrong = $echo->call('i32', x('many')->type('string'));
report($wrong->fault && $wrong->faultcode =~ /Client$/, "the caller's mistake is said to be his", $wrong->faultcode);

my $described = eval { SOAP::Lite->service("$base/strings?wsdl")->upper('abc') };
report(($described // '') eq 'ABC', 'over the WSDL', $@ || $described);

print "1..$count\n";
exit($failed ? 1 : 0);
