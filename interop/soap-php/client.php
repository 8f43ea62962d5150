<?php
// ext-soap against farcall: over the WSDL of each service, and rpc/encoded without one. Usage: client.php URL

$base = preg_replace('~/RPC2$~', '', $argv[1]);
$count = $failed = 0;

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

/** Calls, and takes what is thrown for the result. */
function result(callable $call): mixed
{
    try {
        return $call();
    } catch (Throwable $error) {
        return $error;
    }
}

function equal(string $name, callable $call, mixed $wanted): void
{
    $got = result($call);
    $got = $got instanceof Throwable ? get_class($got) . ': ' . $got->getMessage() : $got;
    report(var_export($got, true) === var_export($wanted, true), $name, 'got    ' . var_export($got, true) . "\nwanted " . var_export($wanted, true));
}

function service(string $name, int $version = SOAP_1_1): SoapClient
{
    global $base;
    $query = $version === SOAP_1_2 ? 'wsdl12' : 'wsdl';
    return new SoapClient("$base/$name?$query", [
        'soap_version' => $version,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'trace' => true,
    ]);
}

/** Calls an operation of the echo service, and gives its result, or null without one. */
function echoed(string $name, mixed $value): mixed
{
    global $echo;
    return $echo->__soapCall($name, [['x' => $value]])->return ?? null;
}

foreach ([SOAP_1_1 => '1.1', SOAP_1_2 => '1.2'] as $version => $named) {
    $fortune = service('fortune', $version);
    $cookie = result(fn() => $fortune->get_cookie()->return);
    report(is_string($cookie) && $cookie !== '', "fortune, SOAP $named", var_export($cookie, true));

    $strings = service('strings', $version);
    equal("reverse, SOAP $named", fn() => $strings->reverse(['s' => 'añb'])->return, 'bña');
    equal("join, SOAP $named", fn() => $strings->join(['parts' => ['a', 'b'], 'separator' => '-'])->return, 'a-b');
    equal("join of none, SOAP $named", fn() => $strings->join(['parts' => [], 'separator' => '-'])->return, '');
    equal("split of one, SOAP $named", fn() => $strings->split(['s' => 'a', 'separator' => ','])->return, ['a']);

    $bank = service('bank', $version);
    $owner = "ann-$named-" . getmypid();
    $opened = $bank->open(['owner' => $owner, 'initial' => 10.0])->return;
    report(str_contains($opened->Address, '/bank/A'), "a reference to an object, SOAP $named", var_export($opened, true));
    $account = result(fn() => $bank->accounts(['owner' => $owner])->return[0]->id);
    equal("deposit, SOAP $named", fn() => $bank->deposit(['account' => $account, 'amount' => 2.5])->return, 12.5);
    $wanted = [(object) ['id' => $account, 'owner' => $owner, 'balance' => 12.5]];
    equal("accounts, SOAP $named", fn() => $bank->accounts(['owner' => $owner])->return, $wanted);
    // ext-soap leaves the members of a detail as texts where an operation declares several faults
    $refused = result(fn() => $bank->withdraw(['account' => $account, 'amount' => 99.0]));
    $funds = $refused->detail->InsufficientFunds ?? null;
    $good = $refused instanceof SoapFault && (float) $funds?->balance === 12.5 && (float) $funds?->requested === 99.0;
    report($good, "a typed fault, SOAP $named", var_export($refused, true));
    // headers: refused where they must be understood and are not, unless they are for somebody else
    $space = $version === SOAP_1_2 ? 'http://www.w3.org/2003/05/soap-envelope' : 'http://schemas.xmlsoap.org/soap/envelope/';
    $strings->__setSoapHeaders(new SoapHeader('urn:else', 'Told', 'x', true));
    $refused = result(fn() => $strings->reverse(['s' => 'a']));
    $good = $refused instanceof SoapFault && str_ends_with($refused->faultcode, 'MustUnderstand');
    report($good, "a header that must be understood is refused, SOAP $named", var_export($refused, true));
    $strings->__setSoapHeaders(new SoapHeader('urn:else', 'Told', 'x', true, 'urn:somebody'));
    equal("one for somebody else is not, SOAP $named", fn() => $strings->reverse(['s' => 'ab'])->return, 'ba');
    $strings->__setSoapHeaders(null);
    $wrong = result(fn() => $strings->__doRequest("<e:Envelope xmlns:e='$space'><e:Body><n:nothing xmlns:n='urn:farcall:Strings'/></e:Body></e:Envelope>", "$base/strings", '', $version));
    $wanted = $version === SOAP_1_2 ? 'ProcedureNotPresent' : 'Client';
    report(is_string($wrong) && str_contains($wrong, ":$wanted<"), "the code of an unknown operation, SOAP $named", var_export($wrong, true));
    $missing = result(fn() => $bank->balance(['account' => 'X']));
    $good = ($missing->detail->NoSuchAccount->account ?? null) === 'X';
    report($good, "another typed fault, SOAP $named", var_export($missing, true));
}

$echo = service('echo');
$values = [
    ['bool', true], ['bool', false], ['i8', -128], ['u8', 255], ['i32', -2147483648], ['i64', PHP_INT_MAX],
    ['f64', 0.1], ['f64', -1e300], ['f64', INF], ['f64', -INF], ['f32', 1.5],
    ['decimal', '-12345678901234567890123456789012345.678'],
    ['string', "a<b>&\"'"], ['string', ''], ['string', '  spaces  '], ['string', '😀漢字'],
    ['bytes', implode('', array_map('chr', range(0, 255)))],
    ['datetime', '2026-11-22T14:08:55.25+05:30'], ['datetime', '2026-11-22T14:08:55Z'], ['date', '2026-11-22'],
    ['numbers', [1]], ['numbers', [1, -2]], ['list', ['one']], ['list', ['a', '']], ['array', [1, 2, 3]],
    ['optional', 'x'], ['optional', ''], ['optional', null], ['color', 'green'],
    ['optionals', [null, 'x', null]],
    ['structure', (object) ['name' => 'n', 'size' => 1, 'ratio' => 0.5, 'tags' => ['t'], 'note' => '']],
    ['map', (object) ['entry' => [(object) ['key' => 'a', 'value' => 1]]]],
    ['numbered', (object) ['entry' => [(object) ['key' => 7, 'value' => 'seven']]]],
    ['pair', (object) ['item1' => 'a', 'item2' => 1]],
    ['shape', (object) ['circle' => 1.5]],
    ['shape', (object) ['polygon' => (object) ['item' => [(object) ['x' => 1.0, 'y' => 2.0]]]]],
    ['tree', (object) ['label' => 'r', 'branches' => [(object) ['label' => 'l']]]],
    ['any', 'x'], ['any', null],
    ['reference', (object) ['Address' => 'http://127.0.0.1:1/x']],
];
foreach ($values as [$name, $value]) {
    $shown = substr(json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR), 0, 40);
    equal("echo.$name $shown", fn() => echoed($name, $value), $value);
}
$sparse = fn(array $members) => (object) ($members + ['map' => (object) ['entry' => [(object) ['key' => 'a', 'value' => 1]]]]);
$nothing = (object) [];
$kept = [
    'None' => [],
    '""' => ['text' => ''],
    '[]' => ['list' => $nothing],
    '[one]' => ['texts' => ['one'], 'list' => (object) ['item' => ['']]],
    '{}' => ['map' => $nothing, 'dictionary' => $nothing],
    'nil' => ['nil' => null],
    '[nil]' => ['nils' => [null, '', null]],
];
foreach ($kept as $what => $members) {
    $given = $sparse($members);
    // ext-soap sends the members in the schema's order, and so they come back
    $sorted = function ($value) { $value = (array) $value; ksort($value); return $value; };
    equal("keeps $what", fn() => $sorted(echoed('sparse', $given)), $sorted($given));
}
$scalars = (object) [
    'truth' => true, 'tiny' => -128, 'octet' => 255, 'small' => -32768, 'usmall' => 65535, 'middle' => -2147483648,
    'umiddle' => 4294967295, 'large' => PHP_INT_MIN, 'ularge' => 1 << 62, 'single' => 1.5, 'double' => 0.1,
    'exact' => '-12345678901234567890123456789012345.678', 'text' => " a<b>&\"' ]]> 😀 ", 'octets' => "\0\1\xff",
    'moment' => '2026-11-22T14:08:55.25+05:30', 'day' => '2026-11-22', 'clock' => '14:08:55', 'span' => 'P1DT2H3M4.5S',
    'color' => 'blue',
];
equal('echo.scalars', fn() => echoed('scalars', $scalars), $scalars);
$header = fn(bool $must) => new SoapHeader('urn:else', 'Told', 'x', $must);
$echo->__setSoapHeaders($header(false));
equal('a header that may be ignored is', fn() => echoed('i32', 1), 1);
$echo->__setSoapHeaders($header(true));
$refused = result(fn() => echoed('i32', 1));
$good = $refused instanceof SoapFault && str_ends_with($refused->faultcode, 'MustUnderstand');
report($good, 'one that must be understood is refused as such', var_export($refused, true));
$echo->__setSoapHeaders(null);
// in literal messages ext-soap does not say the type of a value, not even where a SoapVar names it
equal('echo.any 5', fn() => echoed('any', new SoapVar(5, XSD_INT)), '5');
$nan = result(fn() => echoed('f64', NAN));
report(is_float($nan) && is_nan($nan), 'echo.f64 NaN', var_export($nan, true));
$octets = random_bytes(1 << 20);
report(result(fn() => echoed('bytes', $octets)) === $octets, 'echo.bytes 1 MiB', 'other octets came back');
result(fn() => echoed('map', (object) ['entry' => []]));
report(str_contains($echo->__getLastResponse(), 'return></'), 'echo.map empty is there', $echo->__getLastResponse());
result(fn() => echoed('list', []));
report(!str_contains($echo->__getLastResponse(), 'return'), 'echo.list empty has no item', $echo->__getLastResponse());
$wrong = result(fn() => echoed('char', 'two'));
$good = $wrong instanceof SoapFault && str_ends_with($wrong->faultcode, 'Client') && str_contains($wrong->getMessage(), 'line ');
report($good, "the caller's mistake is said to be his, with its place", var_export($wrong, true));

// without a WSDL: rpc/encoded, parameters that PHP names itself, maps, shared objects
$bare = new SoapClient(null, ['location' => "$base/strings", 'uri' => 'urn:farcall:Strings', 'trace' => true]);
equal('encoded: reverse', fn() => $bare->reverse('abc'), 'cba');
equal('encoded: join', fn() => $bare->join(['a', 'b'], '+'), 'a+b');
equal('encoded: join of none', fn() => $bare->join([], '+'), '');
$bare = new SoapClient(null, ['location' => "$base/echo", 'uri' => 'urn:farcall:Echo', 'trace' => true]);
foreach ([5, 'x', 1.5, true, null, [1, 'two', null], [], ['k' => 1, 'v' => ['two']]] as $value) {
    equal('encoded: any ' . json_encode($value), fn() => $bare->any($value), $value);
}
$leaf = (object) ['label' => 'leaf', 'branches' => []];
$tree = result(fn() => $bare->tree((object) ['label' => 'root', 'branches' => [$leaf, $leaf]]));
$labels = array_map(fn($branch) => $branch->label, $tree->branches ?? []);
report($labels === ['leaf', 'leaf'], 'encoded: a shared object', $bare->__getLastRequest() . "\n" . $bare->__getLastResponse());

echo "1..$count\n";
exit($failed > 0 ? 1 : 0);
