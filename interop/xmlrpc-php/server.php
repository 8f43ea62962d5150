<?php
// PHP's xmlrpc_server_*, behind `php -S 127.0.0.1:PORT server.php`.

function total(array $stooges): int
{
    return $stooges['moe'] + $stooges['larry'] + $stooges['curly'];
}

$methods = [
    'echo' => fn($name, $params) => $params[0],
    'nothing' => fn() => null,
    'add' => fn($name, $params) => $params[0] + $params[1],
    'fail' => fn($name, $params) => ['faultCode' => $params[0], 'faultString' => $params[1]],
    'validator1.arrayOfStructsTest' => fn($name, $params) => array_sum(array_column($params[0], 'curly')),
    'validator1.countTheEntities' => fn($name, $params) => [
        'ctLeftAngleBrackets' => substr_count($params[0], '<'),
        'ctRightAngleBrackets' => substr_count($params[0], '>'),
        'ctAmpersands' => substr_count($params[0], '&'),
        'ctApostrophes' => substr_count($params[0], "'"),
        'ctQuotes' => substr_count($params[0], '"'),
    ],
    'validator1.easyStructTest' => fn($name, $params) => total($params[0]),
    'validator1.echoStructTest' => fn($name, $params) => $params[0],
    'validator1.manyTypesTest' => fn($name, $params) => $params,
    'validator1.moderateSizeArrayCheck' => fn($name, $params) => $params[0][0] . end($params[0]),
    'validator1.nestedStructTest' => fn($name, $params) => total($params[0]['2000']['04']['01']),
    'validator1.simpleStructReturnTest' => fn($name, $params) => [
        'times10' => $params[0] * 10,
        'times100' => $params[0] * 100,
        'times1000' => $params[0] * 1000,
    ],
];

$server = xmlrpc_server_create();
foreach ($methods as $name => $method) {
    xmlrpc_server_register_method($server, $name, $method);
}
$options = ['encoding' => 'utf-8', 'escaping' => 'markup'];
header('Content-Type: text/xml');
echo xmlrpc_server_call_method($server, file_get_contents('php://input'), null, $options);
