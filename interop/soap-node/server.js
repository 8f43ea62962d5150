// node's soap as the server of our interfaces, from the WSDL that farcall writes. Usage: server.js PORT

const fs = require('node:fs')
const http = require('node:http')
const soap = require('soap')

const wsdl = (name) => fs.readFileSync(`${process.env.WORK}/${name}.wsdl`, 'utf8')
const operations = [...wsdl('echo').matchAll(/<wsdl:operation name="([^"]*)"/g)].map(([, name]) => name)

/** What soap must get to write what it read: a Date for a date, null for an element without content. */
function writable(value) {
  if (value === null) return {}
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(writable)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, writable(member)]))
}

/** Every operation gives back what it gets. */
const echo = Object.fromEntries(
  operations.map((name) => [name, (asked) => (asked?.x === undefined ? {} : { return: writable(asked.x) })]),
)

function fault(code, text, detail) {
  return { Fault: { faultcode: `soap:${code}`, faultstring: text, detail } }
}

const bank = {
  accounts: ({ owner }) => ({ return: owner === 'nobody' ? [] : ['A', 'B'].map((id) => ({ id, owner, balance: 0.5 })) }),
  deposit: ({ amount }) => ({ return: amount }),
  withdraw: ({ amount }) => {
    throw fault('Server', 'too poor', {
      InsufficientFunds: { attributes: { xmlns: 'urn:farcall:Bank' }, balance: 1.5, requested: amount },
    })
  },
  balance: ({ account }) => {
    throw fault('Server', 'no such account', { NoSuchAccount: { attributes: { xmlns: 'urn:farcall:Bank' }, account } })
  },
  close: () => {
    throw fault('Client', 'an undeclared fault')
  },
}

const server = http.createServer((_, response) => response.writeHead(404).end())
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  soap.listen(server, '/echo', { Echo: { EchoPort: echo } }, wsdl('echo'))
  soap.listen(server, '/bank', { Bank: { BankPort: bank } }, wsdl('bank'))
})
