# Ruby's XMLRPC::Server. Usage: server.rb PORT
require "xmlrpc/server"
require "xmlrpc/config"

XMLRPC::Config.send(:remove_const, :ENABLE_NIL_CREATE)
XMLRPC::Config.const_set(:ENABLE_NIL_CREATE, true)
XMLRPC::Config.send(:remove_const, :ENABLE_NIL_PARSER)
XMLRPC::Config.const_set(:ENABLE_NIL_PARSER, true)
XMLRPC::Config.send(:remove_const, :ENABLE_BIGINT)
XMLRPC::Config.const_set(:ENABLE_BIGINT, true)

server = XMLRPC::Server.new(Integer(ARGV[0]), "127.0.0.1")
server.add_introspection
server.add_multicall

server.add_handler("echo") { |value| value }
server.add_handler("nothing") { nil }
server.add_handler("add", %w[double double double], "The sum of two numbers") { |a, b| a + b }
server.add_handler("fail") { |code, text| raise XMLRPC::FaultException.new(code, text) }
server.add_handler("slow") { |seconds| sleep(seconds); seconds }

total = ->(struct) { struct["moe"] + struct["larry"] + struct["curly"] }
server.add_handler("validator1.arrayOfStructsTest") { |structs| structs.sum { |s| s["curly"] } }
server.add_handler("validator1.countTheEntities") do |text|
  {
    "ctLeftAngleBrackets" => text.count("<"),
    "ctRightAngleBrackets" => text.count(">"),
    "ctAmpersands" => text.count("&"),
    "ctApostrophes" => text.count("'"),
    "ctQuotes" => text.count('"'),
  }
end
server.add_handler("validator1.easyStructTest", &total)
server.add_handler("validator1.echoStructTest") { |struct| struct }
server.add_handler("validator1.manyTypesTest") do |number, boolean, text, double, date, octets|
  [number, boolean, text, double, date, XMLRPC::Base64.new(octets)]
end
server.add_handler("validator1.moderateSizeArrayCheck") { |items| items.first + items.last }
server.add_handler("validator1.nestedStructTest") { |years| total.(years["2000"]["04"]["01"]) }
server.add_handler("validator1.simpleStructReturnTest") do |n|
  { "times10" => n * 10, "times100" => n * 100, "times1000" => n * 1000 }
end

trap("TERM") { server.shutdown }
server.serve
