# Perl's RPC::XML::Server. Usage: server.pl PORT
use strict;
use warnings;
use utf8;
use List::Util qw(sum);
use RPC::XML;
use RPC::XML::Server;

$RPC::XML::ALLOW_NIL = 1;
$RPC::XML::ENCODING = 'utf-8';

my $server = RPC::XML::Server->new(host => '127.0.0.1', port => $ARGV[0], path => '/RPC2');
die $server unless ref $server;

sub total { my $s = shift; return $s->{moe} + $s->{larry} + $s->{curly} }

# Each: signatures (the result's type first) and code. RPC::XML guesses a scalar's type from its
# looks, so results that must not be guessed are given as its own objects.
my %methods = (
    nothing => [['nil'], sub { RPC::XML::nil->new }],
    add     => [['int int int', 'double double double'], sub { $_[1] + $_[2] }],
    fail    => [['nil int string'], sub { RPC::XML::fault->new($_[1], $_[2]) }],
    echo    => [
        [
            'string string', 'int int', 'i8 i8', 'double double', 'boolean boolean', 'struct struct',
            'array array', 'nil nil',
        ],
        sub {
            my ($self, $value) = @_;
            return RPC::XML::nil->new unless defined $value;
            my ($type) = $self->{signature}[1];
            return $value if ref $value;
            return "RPC::XML::$type"->new($value);
        },
    ],
    'validator1.arrayOfStructsTest' => [['int array'], sub { sum(map { $_->{curly} } @{$_[1]}) }],
    'validator1.countTheEntities'   => [
        ['struct string'],
        sub {
            my %seen;
            $seen{$_}++ for split //, $_[1];
            return {
                ctLeftAngleBrackets  => $seen{'<'} // 0,
                ctRightAngleBrackets => $seen{'>'} // 0,
                ctAmpersands         => $seen{'&'} // 0,
                ctApostrophes        => $seen{"'"} // 0,
                ctQuotes             => $seen{'"'} // 0,
            };
        },
    ],
    'validator1.easyStructTest' => [['int struct'],    sub { total($_[1]) }],
    'validator1.echoStructTest' => [['struct struct'], sub { $_[1] }],
    'validator1.moderateSizeArrayCheck' =>
        [['string array'], sub { RPC::XML::string->new($_[1][0] . $_[1][-1]) }],
    'validator1.nestedStructTest' => [['int struct'], sub { total($_[1]{2000}{'04'}{'01'}) }],
    'validator1.simpleStructReturnTest' => [
        ['struct int'],
        sub { return { times10 => $_[1] * 10, times100 => $_[1] * 100, times1000 => $_[1] * 1000 } },
    ],
);

for my $name (sort keys %methods) {
    my ($signature, $code) = @{ $methods{$name} };
    my $added = $server->add_method({ name => $name, signature => $signature, code => $code });
    die $added unless ref $added;
}
$server->server_loop;
