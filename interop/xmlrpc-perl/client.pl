# Perl's RPC::XML::Client against the contract of farcall's services. Usage: client.pl URL
use strict;
use warnings;
use utf8;
use RPC::XML;
use RPC::XML::Client;
use Test::More;

binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);
$RPC::XML::ALLOW_NIL = 1;
$RPC::XML::ENCODING  = 'utf-8';

my $url    = $ARGV[0];
my $server = RPC::XML::Client->new($url);

# The response as [type, value]; values inside arrays and structs as Perl's own.
sub call {
    my ($name, @params) = @_;
    my $response = $server->send_request($name, @params);
    return ['error', $response] unless ref $response;
    return ['fault', $response->code] if $response->is_fault;
    return [$response->type, $response->value];
}

sub equal {
    my ($name, $got, $wanted) = @_;
    is_deeply($got, $wanted, $name) or diag(explain($got), explain($wanted));
}

sub text { return RPC::XML::string->new($_[0]) }

my %texts = (
    'empty text'         => '',
    'white space only'   => " \t\n ",
    'white space around' => '  a  ',
    'entity text'        => qq(<a href="x">&amp; 'q' ]]> &#65;</a>),
    'Latin text'         => 'naïve',
    'Chinese text'       => '漢字',
    'astral text'        => '😀𝄞',
    'digits as text'     => '42',
);
equal("echo $_", call('echo', text($texts{$_})), ['string', $texts{$_}]) for sort keys %texts;

equal('echo nil', call('echo', RPC::XML::nil->new), ['nil', undef]);
for my $int (0, -1, 2147483647, -2147483648) {
    my $got = call('echo', RPC::XML::int->new($int));
    ok($got->[0] =~ /^(int|i4)$/ && $got->[1] eq $int, "echo int $int") or diag(explain($got));
}
for my $int ('2147483648', '9223372036854775807', '-9223372036854775808') {
    equal("echo i8 $int", call('echo', RPC::XML::i8->new($int)), ['i8', $int]);
}
for my $double (0.1, 1 / 3, 2.5e-7) {
    my $got = call('echo', RPC::XML::double->new($double));
    ok($got->[0] eq 'double' && $got->[1] == $double, "echo double $double") or diag(explain($got));
}
for my $bool (0, 1) {
    equal("echo boolean $bool", call('echo', RPC::XML::boolean->new($bool)), ['boolean', $bool]);
}
my $octets = join '', map { chr } 0 .. 255;
equal('echo all octets', call('echo', RPC::XML::base64->new($octets)), ['base64', $octets]);
my $date = call('echo', RPC::XML::datetime_iso8601->new('19980717T14:08:55'));
equal('echo date', $date, ['dateTime.iso8601', '19980717T14:08:55']);

my %plain = (
    'empty array'    => [],
    'array of one'   => [1],
    'array in array' => [[]],
    'mixed array'    => [1, 'a', undef, 2.5, {}, []],
);
equal("echo $_", call('echo', RPC::XML::array->new(from => $plain{$_})), ['array', $plain{$_}])
    for sort keys %plain;
my %structs = (
    'empty struct'  => {},
    'struct'        => { a => 1, b => 'two' },
    'member name'   => { 'a b <&>' => 1 },
    'nested struct' => { a => { b => { c => [{ d => [] }] } } },
);
equal("echo $_", call('echo', RPC::XML::struct->new($structs{$_})), ['struct', $structs{$_}])
    for sort keys %structs;

ok(length call('fortune.get_cookie')->[1], 'fortune.get_cookie');
equal('strings.reverse', call('strings.reverse', text('a 漢😀')), ['string', '😀漢 a']);
equal('strings.upper', call('strings.upper', text('é')), ['string', 'É']);
my $parts = RPC::XML::array->new(map { text($_) } 'a', '', 'b');
equal('strings.join', call('strings.join', $parts, text(', ')), ['string', 'a, , b']);
equal('strings.text.word_count', call('strings.text.word_count', text('a b  c'))->[1], 3);
equal('echo.nothing', call('echo.nothing'), ['nil', undef]);
equal('echo.i32', call('echo.i32', RPC::XML::int->new(-2147483648))->[1], -2147483648);
equal('echo.i64', call('echo.i64', RPC::XML::i8->new('9223372036854775807'))->[1], '9223372036854775807');
equal('echo.f64', call('echo.f64', RPC::XML::double->new(0.1)), ['double', 0.1]);
equal('echo.string', call('echo.string', text('')), ['string', '']);
equal('echo.bytes', call('echo.bytes', RPC::XML::base64->new($octets)), ['base64', $octets]);
my $one = RPC::XML::array->new(text('one'));
equal('echo.list', call('echo.list', $one), ['array', ['one']]);
equal('echo.map', call('echo.map', RPC::XML::struct->new({})), ['struct', {}]);

my $stooges = { moe => 1, larry => 2, curly => 4 };
sub validate { return call("validator1.$_[0]", @_[1 .. $#_])->[1] }
equal('arrayOfStructsTest', validate('arrayOfStructsTest', [$stooges, $stooges, $stooges]), 12);
my $counts = {
    ctLeftAngleBrackets  => 2,
    ctRightAngleBrackets => 1,
    ctAmpersands         => 3,
    ctApostrophes        => 1,
    ctQuotes             => 4,
};
equal('countTheEntities', validate('countTheEntities', text(q(<<>&&&'"""" end))), $counts);
equal('easyStructTest', validate('easyStructTest', $stooges), 7);
my $odd = { b => [1, { x => '' }], a => {} };
equal('echoStructTest', validate('echoStructTest', $odd), $odd);
my @many = (
    RPC::XML::int->new(-7), RPC::XML::boolean->new(1), text('tëxt'), RPC::XML::double->new(3.25),
    RPC::XML::datetime_iso8601->new('19980717T14:08:55'), RPC::XML::base64->new("\x00\xfe"),
);
equal('manyTypesTest', validate('manyTypesTest', @many),
    [-7, 1, 'tëxt', 3.25, '19980717T14:08:55', "\x00\xfe"]);
my @items = map { "item $_" } 0 .. 149;
equal('moderateSizeArrayCheck', validate('moderateSizeArrayCheck', \@items), 'item 0item 149');
my %days = map { sprintf('%02d', $_) => { moe => $_, larry => $_, curly => $_ } } 1 .. 30;
my %months = map { sprintf('%02d', $_) => \%days } 1 .. 12;
equal('nestedStructTest', validate('nestedStructTest', { 2000 => \%months }), 3);
my $times = { times10 => -70, times100 => -700, times1000 => -7000 };
equal('simpleStructReturnTest', validate('simpleStructReturnTest', -7), $times);

equal('unknown method', call('no.such.method'), ['fault', -32601]);
equal('too few parameters', call('strings.reverse'), ['fault', -32602]);
equal('wrong type', call('strings.reverse', RPC::XML::int->new(5)), ['fault', -32602]);
my %listed = map { $_ => 1 } @{ call('system.listMethods')->[1] };
ok($listed{'strings.text.word_count'}, 'listMethods');
equal('methodSignature', call('system.methodSignature', text('strings.reverse'))->[1][0][0], 'string');

done_testing();
