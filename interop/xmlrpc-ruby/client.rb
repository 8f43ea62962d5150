# Ruby's XMLRPC::Client against the contract of farcall's services. Usage: client.rb URL
require "xmlrpc/client"
require "xmlrpc/config"

%i[ENABLE_NIL_CREATE ENABLE_NIL_PARSER ENABLE_BIGINT].each do |name|
  XMLRPC::Config.send(:remove_const, name)
  XMLRPC::Config.const_set(name, true)
end

URL = ARGV[0]
BASE = URL.delete_suffix("/RPC2")
SERVER = XMLRPC::Client.new2(URL)
$count = $failed = 0

def report(good, name, why = "")
  $count += 1
  puts "#{good ? 'ok' : 'not ok'} #{$count} - #{name}"
  return if good
  $failed += 1
  puts why.to_s.lines.map { |line| "# #{line.chomp[0, 2000]}\n" }.join
end

# Equal, and of the same classes all the way down; -0.0 is not 0.0.
def same(a, b)
  return false unless a.class == b.class
  case a
  when Float then a == b && (1 / a) == (1 / b)
  when Array then a.size == b.size && a.zip(b).all? { |x, y| same(x, y) }
  when Hash then a.keys == b.keys && a.all? { |name, x| same(x, b[name]) }
  when XMLRPC::DateTime then a.to_a == b.to_a
  else a == b
  end
end

def equal(name, wanted)
  got = yield
  report(same(got, wanted), name, "got    #{got.inspect}\nwanted #{wanted.inspect}")
rescue StandardError => error
  report(false, name, "#{error.class}: #{error.message}")
end

def fault
  "no fault but #{yield.inspect}"
rescue XMLRPC::FaultException => error
  error.faultCode
end

def call(name, *params, server: SERVER)
  server.call(name, *params)
end

VALUES = {
  "nil" => nil,
  "true" => true,
  "false" => false,
  "zero" => 0,
  "greatest i4" => 2**31 - 1,
  "least i4" => -(2**31),
  "0.1" => 0.1,
  "1/3" => 1 / 3.0,
  "1e300" => 1e300,
  "minus zero" => -0.0,
  "whole double" => 2.0,
  "empty text" => "",
  "white space only" => " \t\n ",
  "white space around" => "  a  ",
  "entity text" => "<a href=\"x\">&amp; 'q' ]]> &#65;</a>",
  "Chinese text" => "漢字",
  "astral text" => "😀𝄞",
  "empty array" => [],
  "array of one" => [1],
  "array in array" => [[]],
  "mixed array" => [1, "a", nil, 2.5, true, {}, []],
  "long array" => (0...5000).to_a,
  "empty struct" => {},
  "struct" => { "a" => 1, "b" => "two" },
  "member order" => { "z" => 1, "a" => 2, "m" => 3 },
  "odd member name" => { "a b <&> é" => 1 },
  "nested struct" => { "a" => { "b" => { "c" => [{ "d" => [] }] } } },
  "date" => XMLRPC::DateTime.new(1998, 7, 17, 14, 8, 55),
}

VALUES.each { |name, value| equal("echo #{name}", value) { call("echo", value) } }
octets = (0..255).to_a.pack("C*")
equal("echo all octets", octets) { call("echo", XMLRPC::Base64.new(octets)).b }
equal("echo empty binary", "") { call("echo", XMLRPC::Base64.new("")) }

report(!call("fortune.get_cookie").empty?, "fortune.get_cookie")
equal("strings.reverse", "😀字漢 a") { call("strings.reverse", "a 漢字😀") }
equal("strings.upper", "É") { call("strings.upper", "é") }
equal("strings.join", "a, , b") { call("strings.join", ["a", "", "b"], ", ") }
equal("strings.text.word_count", 3) { call("strings.text.word_count", "a b  c") }
equal("echo.nothing", nil) { call("echo.nothing") }
{
  "bool" => [true, false],
  "i32" => [2**31 - 1, -(2**31)],
  "i64" => [1],
  "f64" => [0.1, 1e300, -0.0],
  "string" => ["", "😀"],
  "datetime" => [XMLRPC::DateTime.new(2024, 2, 29, 23, 59, 59)],
  "list" => [[], ["one"]],
  "map" => [{}, { "a" => 1 }],
  "optional" => [nil, "some"],
  "structure" => [{ "name" => "a", "size" => 3, "ratio" => 0.5, "tags" => ["x"], "note" => "n" }],
}.each do |name, values|
  values.each { |value| equal("echo.#{name} #{value.inspect}", value) { call("echo.#{name}", value) } }
end
equal("echo.bytes", octets) { call("echo.bytes", XMLRPC::Base64.new(octets)).b }
strings = XMLRPC::Client.new2(BASE + "/strings")
equal("path /strings", "A") { call("upper", "a", server: strings) }

stooges = { "moe" => 1, "larry" => 2, "curly" => 4 }
equal("arrayOfStructsTest", 12) { call("validator1.arrayOfStructsTest", [stooges] * 3) }
equal("countTheEntities", [2, 1, 3, 1, 4]) do
  counts = call("validator1.countTheEntities", "<<>&&&'\"\"\"\" end")
  %w[ctLeftAngleBrackets ctRightAngleBrackets ctAmpersands ctApostrophes ctQuotes].map { |n| counts[n] }
end
equal("easyStructTest", 7) { call("validator1.easyStructTest", stooges) }
odd = { "b" => [1, { "x" => "" }], "a" => {}, "é" => true }
equal("echoStructTest", odd) { call("validator1.echoStructTest", odd) }
date = XMLRPC::DateTime.new(1998, 7, 17, 14, 8, 55)
equal("manyTypesTest", [-7, true, "tëxt", 3.25, date, "\x00\xFE".b]) do
  call("validator1.manyTypesTest", -7, true, "tëxt", 3.25, date, XMLRPC::Base64.new("\x00\xFE".b))
end
items = (0...150).map { |n| "item #{n}" }
equal("moderateSizeArrayCheck", "item 0item 149") { call("validator1.moderateSizeArrayCheck", items) }
days = (1..30).to_h { |n| [format("%02d", n), { "moe" => n, "larry" => n, "curly" => n }] }
months = (1..12).to_h { |n| [format("%02d", n), days] }
equal("nestedStructTest", 3) { call("validator1.nestedStructTest", { "2000" => months }) }
equal("simpleStructReturnTest", [-70, -700, -7000]) do
  call("validator1.simpleStructReturnTest", -7).values_at("times10", "times100", "times1000")
end

equal("unknown method", -32601) { fault { call("no.such.method", 1) } }
equal("too few parameters", -32602) { fault { call("strings.reverse") } }
equal("wrong type", -32602) { fault { call("strings.reverse", 5) } }
methods = call("system.listMethods")
report(methods.include?("strings.text.word_count"), "listMethods", methods)
equal("methodSignature", "string") { call("system.methodSignature", "strings.reverse")[0][0] }
report(call("system.methodHelp", "strings.reverse").is_a?(String), "methodHelp")
equal("multicall", ["A", [], -32601, "B"]) do
  results = SERVER.multicall(["strings.upper", "a"], ["echo", []], ["no.such"], ["strings.upper", "b"])
  results.map { |result| result.is_a?(XMLRPC::FaultException) ? result.faultCode : result }
end

puts "1..#{$count}"
exit($failed == 0 ? 0 : 1)
