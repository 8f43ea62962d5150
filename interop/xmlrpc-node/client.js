// node's xmlrpc against the contract of farcall's services. Usage: client.js URL

const assert = require('node:assert')
const xmlrpc = require('xmlrpc')
const { check, done } = require('./tap.js')

const client = xmlrpc.createClient(process.argv[2])

const call = (method, ...parameters) =>
  new Promise((resolve, reject) => {
    client.methodCall(method, parameters, (error, value) => (error ? reject(error) : resolve(value)))
  })

const equal = (name, wanted, method, ...parameters) =>
  check(name, async () => assert.deepStrictEqual(await call(method, ...parameters), wanted))

async function main() {
  const values = {
    'nil': null,
    'true': true,
    'a double': 0.1,
    'the empty text': '',
    'a text': '<a href="x">&amp; \'q\' ]]> 😀漢字</a>',
    'nothing in an array': [],
    'nested arrays': [[], [[1]], 'x'],
    'nothing in a struct': {},
    'a struct': { z: [1, { b: '' }], a: null, 'é <&>': false },
    'octets': Buffer.from([0, 1, 254, 255]),
    'a date': new Date(Date.UTC(2026, 10, 22, 14, 8, 55)),
    'the least int': -2147483648,
  }
  for (const [name, value] of Object.entries(values)) await equal(`echo ${name}`, value, 'echo', value)
  // it writes them as int, and reads an i8 as text
  for (const method of ['echo', 'echo.i64']) {
    await equal(`${method} of milliseconds`, '1700000000000', method, 1700000000000)
  }
  await equal('echo.optional', null, 'echo.optional', null)
  await equal('echo.map', { a: 1, b: -2 }, 'echo.map', { a: 1, b: -2 })
  await equal('strings.reverse', 'bña', 'strings.reverse', 'añb')
  await check('fortune', async () => assert.match(await call('fortune.get_cookie'), /./))
  await check('a fault', () =>
    assert.rejects(call('bank.open', 'ann', -1.5), { faultString: /InsufficientFunds/ }))
  await check('an int too wide for echo.i32', () =>
    assert.rejects(call('echo.i32', 1700000000000), { faultCode: -32602 }))
  await check('an unknown method', () => assert.rejects(call('no.such'), { faultCode: -32601 }))
  await check('a batch', async () => {
    const calls = [
      { methodName: 'echo', params: [1] },
      { methodName: 'no.such', params: [] },
    ]
    const [first, second] = await call('system.multicall', calls)
    assert.deepStrictEqual([first, second.faultCode], [[1], -32601])
  })
  done()
}

main()
