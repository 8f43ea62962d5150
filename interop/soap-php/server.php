<?php
// ext-soap as the server of our interfaces, from the WSDL that farcall gives for them.

class EchoService
{
    /** Every operation gives back what it gets. */
    public function __call(string $name, array $arguments): array
    {
        $given = $arguments[0]->x ?? null;
        return $given === null ? [] : ['return' => $given];
    }
}

class BankService
{
    public function open($asked): array
    {
        return ['return' => "{$asked->owner}/" . ($asked->initial ?? 'nothing')];
    }

    public function accounts($asked): array
    {
        $account = fn(string $id) => ['id' => $id, 'owner' => $asked->owner, 'balance' => 0.5];
        return ['return' => array_map($account, $asked->owner === 'nobody' ? [] : ['A', 'B'])];
    }

    public function withdraw($asked): never
    {
        $funds = ['balance' => 1.5, 'requested' => $asked->amount];
        throw new SoapFault('Server', 'too poor', null, $funds, 'InsufficientFunds');
    }

    public function balance($asked): never
    {
        throw new SoapFault('Server', 'no such account', null, ['account' => $asked->account], 'NoSuchAccount');
    }

    public function close(): never
    {
        throw new SoapFault('Client', 'an undeclared fault');
    }
}

/** The operations of golden/soap/enc.wsdl, rpc/encoded. */
class EncService
{
    public function __call(string $name, array $arguments)
    {
        if ($arguments[0] === 'fail') {
            throw new SoapFault('Server', 'as asked');
        }
        return $arguments[0];
    }
}

/** An item with an engraving, which says that it is one when it is written. */
class Special
{
}

/** The operations of shop.wsdl. */
class ShopService
{
    public function Place($asked)
    {
        $order = $asked->order ?? null;
        if (($order->Note ?? null) === 'sold out') {
            throw new SoapFault('Server', 'nothing is left', null, (object) ['SoldOut' => (object) ['What' => $order->Items[0]->Code]]);
        }
        // what was absent stays so: a property that is not there, not one that is null
        return property_exists($asked, 'order') ? ['PlaceResult' => $order] : [];
    }
}

$name = trim(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/');
$classes = ['echo' => EchoService::class, 'bank' => BankService::class, 'enc' => EncService::class, 'shop' => ShopService::class];
if (!isset($classes[$name])) {
    http_response_code(404);
    exit;
}
$own = ['enc' => __DIR__ . '/../../golden/soap/enc.wsdl', 'shop' => __DIR__ . '/shop.wsdl'];
$wsdl = $own[$name] ?? getenv('WORK') . "/$name.wsdl";
$server = new SoapServer($wsdl, [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'classmap' => ['Special' => Special::class],
]);
$server->setClass($classes[$name]);
$server->handle();
