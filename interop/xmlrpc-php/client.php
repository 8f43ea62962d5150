<?php
// PHP's xmlrpc_encode_request against the contract of farcall's services. Usage: client.php URL

const OPTIONS = ['encoding' => 'utf-8', 'escaping' => 'markup'];
$url = $argv[1];
$count = $failed = 0;

function call(string $method, mixed ...$params): mixed
{
    global $url;
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: text/xml',
        'content' => xmlrpc_encode_request($method, $params, OPTIONS),
        'timeout' => 20,
    ]]);
    return xmlrpc_decode(file_get_contents($url, false, $context), 'utf-8');
}

function report(bool $good, string $name, string $why): void
{
    global $count, $failed;
    $count++;
    echo $good ? 'ok' : 'not ok', " $count - $name\n";
    if (!$good) {
        $failed++;
        echo preg_replace('/^/m', '# ', $why), "\n";
    }
}

function equal(string $name, mixed $got, mixed $wanted): void
{
    report($got === $wanted, $name, 'got    ' . json_encode($got) . "\nwanted " . json_encode($wanted));
}

function typed(string $value, string $type): object
{
    xmlrpc_set_type($value, $type);
    return $value;
}

$values = [
    'nil' => null,
    'true' => true,
    'false' => false,
    'zero' => 0,
    'greatest i4' => 2147483647,
    'least i4' => -2147483648,
    '0.5' => 0.5,
    '0.1' => 0.1,
    '1/3' => 1 / 3,
    'whole double' => 2.0,
    'empty text' => '',
    'white space only' => " \t\n ",
    'white space around' => '  a  ',
    'entity text' => '<a href="x">&amp; \'q\' ]]> &#65;</a>',
    'Latin text' => 'naïve',
    'Chinese text' => '漢字',
    'astral text' => '😀𝄞',
    'empty array' => [],
    'array of one' => [1],
    'array in array' => [[]],
    'mixed array' => [1, 'a', null, 2.5, true, []],
    'struct' => ['a' => 1, 'b' => 'two'],
    'member order' => ['z' => 1, 'a' => 2, 'm' => 3],
    'odd member name' => ['a b <&> é' => 1],
    'nested struct' => ['a' => ['b' => ['c' => [['d' => 'e']]]]],
];
foreach ($values as $name => $value) {
    equal("echo $name", call('echo', $value), $value);
}
$octets = implode('', array_map('chr', range(0, 255)));
equal('echo all octets', call('echo', typed($octets, 'base64'))?->scalar, $octets);
$date = call('echo', typed('19980717T14:08:55', 'datetime'));
equal('echo date', [$date?->xmlrpc_type, $date?->scalar], ['datetime', '19980717T14:08:55']);

report(strlen(call('fortune.get_cookie')) > 0, 'fortune.get_cookie', '');
equal('strings.reverse', call('strings.reverse', 'a 漢😀'), '😀漢 a');
equal('strings.upper', call('strings.upper', 'é'), 'É');
equal('strings.join', call('strings.join', ['a', '', 'b'], ', '), 'a, , b');
equal('strings.text.word_count', call('strings.text.word_count', 'a b  c'), 3);
equal('echo.nothing', call('echo.nothing'), null);
equal('echo.bool', call('echo.bool', true), true);
equal('echo.i32', call('echo.i32', -2147483648), -2147483648);
equal('echo.f64', call('echo.f64', 0.5), 0.5);
equal('echo.string', call('echo.string', ''), '');
equal('echo.list', call('echo.list', ['one']), ['one']);
equal('echo.map', call('echo.map', ['a' => 1]), ['a' => 1]);
$structure = ['name' => 'a', 'size' => 3, 'ratio' => 0.5, 'tags' => ['x'], 'note' => 'n'];
equal('echo.structure', call('echo.structure', $structure), $structure);

$stooges = ['moe' => 1, 'larry' => 2, 'curly' => 4];
equal('arrayOfStructsTest', call('validator1.arrayOfStructsTest', [$stooges, $stooges, $stooges]), 12);
$counts = call('validator1.countTheEntities', '<<>&&&\'"""" end');
ksort($counts);
equal('countTheEntities', $counts, [
    'ctAmpersands' => 3,
    'ctApostrophes' => 1,
    'ctLeftAngleBrackets' => 2,
    'ctQuotes' => 4,
    'ctRightAngleBrackets' => 1,
]);
equal('easyStructTest', call('validator1.easyStructTest', $stooges), 7);
$odd = ['b' => [1, ['x' => '']], 'é' => true];
equal('echoStructTest', call('validator1.echoStructTest', $odd), $odd);
$many = call(
    'validator1.manyTypesTest',
    -7,
    true,
    'tëxt',
    3.25,
    typed('19980717T14:08:55', 'datetime'),
    typed("\x00\xfe", 'base64'),
);
$plain = array_map(fn($value) => is_object($value) ? $value->scalar : $value, $many);
equal('manyTypesTest', $plain, [-7, true, 'tëxt', 3.25, '19980717T14:08:55', "\x00\xfe"]);
$items = array_map(fn($n) => "item $n", range(0, 149));
equal('moderateSizeArrayCheck', call('validator1.moderateSizeArrayCheck', $items), 'item 0item 149');
// '2000' is an integer key to PHP, and an array of integer keys only is sent as an array.
$day = ['moe' => 1, 'larry' => 1, 'curly' => 1];
$days = ['01' => $day, '02' => $stooges];
$calendar = ['year' => ['04' => $days], '2000' => ['03' => $days, '04' => $days]];
equal('nestedStructTest', call('validator1.nestedStructTest', $calendar), 3);
$times = call('validator1.simpleStructReturnTest', -7);
equal('simpleStructReturnTest', [$times['times10'], $times['times100'], $times['times1000']], [-70, -700, -7000]);

equal('unknown method', call('no.such.method')['faultCode'] ?? null, -32601);
equal('too few parameters', call('strings.reverse')['faultCode'] ?? null, -32602);
equal('wrong type', call('strings.reverse', 5)['faultCode'] ?? null, -32602);
report(in_array('strings.text.word_count', call('system.listMethods')), 'listMethods', '');
equal('methodSignature', call('system.methodSignature', 'strings.reverse')[0][0], 'string');
$results = call('system.multicall', [
    ['methodName' => 'strings.upper', 'params' => ['a']],
    ['methodName' => 'no.such', 'params' => []],
    ['methodName' => 'strings.upper', 'params' => ['b']],
]);
equal('multicall', [$results[0], $results[1]['faultCode'], $results[2]], [['A'], -32601, ['B']]);

echo "1..$count\n";
exit($failed === 0 ? 0 : 1);
