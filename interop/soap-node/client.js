// node's soap against farcall, over the WSDL of each service. Usage: client.js URL

const assert = require('node:assert')
const { promisify } = require('node:util')
const soap = require('soap')
const { check, done } = require('../xmlrpc-node/tap.js')

const base = process.argv[2].replace(/\/RPC2$/, '')

async function service(name, query = 'wsdl') {
  return soap.createClientAsync(`${base}/${name}?${query}`)
}

/** The result of a call, plain. */
async function call(client, operation, parameters) {
  // a name that is none in JavaScript has only the form with a callback
  const result = await promisify(client[operation].bind(client))(parameters)
  return result === null || result === undefined ? null : (result.return ?? null)
}

function equal(name, made, wanted) {
  return check(name, async () => assert.deepStrictEqual(JSON.parse(JSON.stringify(await made())), wanted))
}

async function main() {
  const fortune = await service('fortune')
  await check('fortune', async () => assert.match(await call(fortune, 'get_cookie', {}), /./))
  const strings = await service('strings')
  await equal('reverse', () => call(strings, 'reverse', { s: 'añb😀' }), '😀bña')
  await equal('join', () => call(strings, 'join', { parts: ['a', 'b'], separator: '-' }), 'a-b')
  await equal('join of one', () => call(strings, 'join', { parts: ['a'], separator: '-' }), 'a')
  await equal('split', () => call(strings, 'split', { s: 'a,b', separator: ',' }), ['a', 'b'])
  await equal('split of one', () => call(strings, 'split', { s: 'a', separator: ',' }), ['a'])
  await equal('a dotted name, which is not one in JavaScript', () => call(strings, 'text.word_count', { s: 'two words' }), 2)

  const bank = await service('bank')
  const opened = await call(bank, 'open', { owner: `ann-${process.pid}`, initial: 10 })
  await check('a reference to an object', async () => assert.match(opened.Address, /^http:.*\/bank\/A/))
  const [{ id: account }] = await call(bank, 'accounts', { owner: `ann-${process.pid}` })
  await equal('deposit', () => call(bank, 'deposit', { account, amount: 2.5 }), 12.5)
  await equal('accounts', () => call(bank, 'accounts', { owner: `ann-${process.pid}` }), [
    { id: account, owner: `ann-${process.pid}`, balance: 12.5 },
  ])
  await check('a typed fault', async () => {
    const error = await call(bank, 'withdraw', { account, amount: 99 }).then(assert.fail, (error) => error)
    const { faultcode, detail } = error.root.Envelope.Body.Fault
    assert.strictEqual(faultcode, 's:Server')
    assert.strictEqual(Number(detail.InsufficientFunds.requested), 99)
    assert.strictEqual(error.response.status, 500)
  })

  const echo = await service('echo')
  const values = [
    ['bool', true], ['i32', -2147483648], ['f64', 0.1], ['f64', -1e300], ['f32', 1.5],
    ['string', 'a<b>&"\''], ['string', '😀漢字'], ['numbers', [1]], ['numbers', [1, -2]], ['list', ['one']],
    ['array', [1, 2, 3]], ['optional', 'x'], ['optional', null], ['color', 'green'],
    ['bytes', Buffer.from([0, 1, 255]).toString('base64')],
    ['structure', { name: 'n', size: 1, ratio: 0.5, tags: ['t'] }],
    ['map', { entry: [{ key: 'a', value: 1 }, { key: 'b', value: 2 }] }],
    ['pair', { item1: 'a', item2: 1 }],
    ['shape', { circle: 1.5 }],
    ['shape', { polygon: { item: [{ x: 1, y: 2 }] } }],
    ['tree', { label: 'r', branches: [{ label: 'l' }] }],
    ['reference', { Address: 'http://127.0.0.1:1/x' }],
  ]
  for (const [name, value] of values) {
    await equal(`echo.${name} ${JSON.stringify(value)}`, () => call(echo, name, { x: value }), value)
  }
  const some = { map: { entry: [{ key: 'a', value: 1 }] } }
  const kept = [
    ['None', {}],
    ['""', { text: '' }],
    ['[]', { list: {} }, { list: null }],
    ['[one]', { texts: ['one'], list: { item: ['x'] } }],
    ['{}', { map: {}, dictionary: {} }, { map: null, dictionary: null }],
    ['[nil]', { nils: [null, 'x', null] }],
  ]
  for (const [what, given, wanted = given] of kept) {
    // soap has null for an element that is there and empty
    await equal(`keeps ${what}`, () => call(echo, 'sparse', { x: { ...some, ...given } }), { ...some, ...wanted })
  }
  const nil = await soap.createClientAsync(`${base}/echo?wsdl`, { handleNilAsNull: true, disableCache: true })
  await equal('keeps nil', () => call(nil, 'sparse', { x: { ...some, nil: null } }), { ...some, nil: null })
  echo.addSoapHeader({ Told: 'x' }, '', 'e', 'urn:else')
  await equal('a header that may be ignored is', () => call(echo, 'i32', { x: 1 }), 1)
  echo.clearSoapHeaders()
  for (const [version, query] of [['1.1', 'wsdl'], ['1.2', 'wsdl12']]) {
    const options = { forceSoap12Headers: version === '1.2', disableCache: true }
    const bound = await soap.createClientAsync(`${base}/echo?${query}`, options)
    const role = version === '1.2' ? 'role' : 'actor'
    bound.addSoapHeader('<e:Told xmlns:e="urn:else" soap:mustUnderstand="1">x</e:Told>')
    await check(`SOAP ${version}: a header that must be understood is refused as such`, async () => {
      const error = await call(bound, 'i32', { x: 1 }).then(assert.fail, (error) => error)
      assert.match(JSON.stringify(error.root.Envelope.Body.Fault), /:MustUnderstand"/)
    })
    bound.clearSoapHeaders()
    bound.addSoapHeader(`<e:Told xmlns:e="urn:else" soap:mustUnderstand="1" soap:${role}="urn:somebody">x</e:Told>`)
    await equal(`SOAP ${version}: one for somebody else is not`, () => call(bound, 'i32', { x: 1 }), 1)
  }
  // soap takes the narrowest integers for texts
  await equal('echo.i8', async () => Number(await call(echo, 'i8', { x: -128 })), -128)
  await equal('echo.u8', async () => Number(await call(echo, 'u8', { x: 255 })), 255)
  const when = new Date('2026-11-22T14:08:55.250Z')
  await check('echo.datetime', async () => {
    assert.strictEqual(new Date(await call(echo, 'datetime', { x: when.toISOString() })).getTime(), when.getTime())
  })
  await check('echo.map empty is there', async () => {
    await call(echo, 'map', { x: { entry: [] } })
    assert.match(echo.lastResponse, /return><\//)
  })
  await check("the caller's mistake is said to be his", async () => {
    const error = await call(echo, 'char', { x: 'two' }).then(assert.fail, (error) => error)
    assert.strictEqual(error.root.Envelope.Body.Fault.faultcode, 's:Client')
  })
  done()
}

main().catch((error) => {
  console.log(`Bail out! ${error.stack}`)
  process.exit(1)
})
