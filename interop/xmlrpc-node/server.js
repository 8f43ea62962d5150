// node's xmlrpc as a server: what it is given, wide integers, faults. Usage: server.js PORT

const xmlrpc = require('xmlrpc')

const server = xmlrpc.createServer({ host: '127.0.0.1', port: Number(process.argv[2]) })
server.on('echo', (_error, [value], reply) => reply(null, value))
server.on('milliseconds', (_error, _parameters, reply) => reply(null, 1700000000000))
server.on('fail', (_error, [faultCode, faultString], reply) => reply({ faultCode, faultString }))
