//! Seeds of SOAP: envelopes, messages of several parts, headers, descriptions.

use farcall_model::{Field, Interface, Operation, Param, StructType, Type, TypeRef};
use farcall_wsdl::{EmitOptions, emit};

/// What stands in a body, and whether the message is encoded.
const BODIES: &[(&str, &str)] = &[
    ("text", "<f:any><f:x>text</f:x></f:any>"),
    ("nil", "<f:any><f:x i:nil='true'/></f:any>"),
    ("typed", "<f:any><f:x i:type='x:int'> 7 </f:x></f:any>"),
    ("fields", "<f:any><f:x><a>1</a><b><c/></b><a>2</a></f:x></f:any>"),
    ("octets", "<f:octets><f:x>YWJj</f:x><f:x/></f:octets>"),
    ("array", "<f:any><x i:type='e:Array' e:arrayType='x:int[2]'><i>1</i><i>2</i></x></f:any>"),
    (
        "map",
        "<f:any><x i:type='m:Map'><item><key i:type='x:string'>a</key><value i:type='x:int'>1</value></item></x></f:any>",
    ),
    (
        "shared",
        "<f:any><x href='#1'/></f:any><multiRef id='1'><a href='#2'/><b href='#2'/></multiRef><multiRef id='2'>v</multiRef>",
    ),
    ("cycle", "<f:any><x href='#1'/></f:any><multiRef id='1'><a href='#1'/></multiRef>"),
    ("unknown", "<g:none xmlns:g='urn:g'/>"),
    ("empty", ""),
    ("comments", "<!-- a --><f:any><f:x>a<![CDATA[<b>]]>c<!-- d --></f:x></f:any>"),
];

const SPACES: &str = "xmlns:f='urn:farcall:Fuzz' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' \
                      xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' \
                      xmlns:m='http://xml.apache.org/xml-soap'";

pub(super) fn envelopes() -> Vec<(String, String)> {
    let versions = [
        ("11", "http://schemas.xmlsoap.org/soap/envelope/"),
        ("12", "http://www.w3.org/2003/05/soap-envelope"),
        ("none", "urn:none"),
    ];
    let mut all = Vec::new();
    for (version, namespace) in versions {
        for (name, body) in BODIES {
            let style = "s:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'";
            let text = format!(
                "<s:Envelope xmlns:s='{namespace}' {SPACES} {style}><s:Header><h:h xmlns:h='urn:h' s:mustUnderstand='0'/></s:Header>\
                 <s:Body>{body}</s:Body></s:Envelope>"
            );
            all.push((format!("{name}-{version}"), text));
        }
    }
    all
}

pub(super) const MESSAGES: &[(&str, &str)] = &[
    (
        "xop",
        "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\nContent-ID: <0>\r\n\r\n\
         <s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><f:octets xmlns:f='urn:farcall:Fuzz'><f:x>\
         <p:Include xmlns:p='http://www.w3.org/2004/08/xop/include' href='cid:1'/></f:x></f:octets></s:Body></s:Envelope>\r\n\
         --b\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: binary\r\n\r\noctets\r\n--b--\r\n",
    ),
    (
        "attachments",
        "preamble\n--b\nContent-Type: text/xml\n\n<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>\
         <s:Body><f:any xmlns:f='urn:farcall:Fuzz'><x href='cid:1%40h'/></f:any></s:Body></s:Envelope>\n--b \n\
         Content-Transfer-Encoding: quoted-printable\nContent-ID:\n <1@h>\n\na=3D=\nb\n--b--\nepilogue",
    ),
    ("base64", "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nPGEv\r\nPg==\r\n--b--"),
    ("empty-parts", "--b\r\n\r\n--b\r\n\r\n\r\n--b--"),
    ("half", "--b\r\nContent-ID: <1>\r\n"),
    ("twice", "--b\r\nContent-ID: 1\r\n\r\n\r\n--b\r\nContent-ID: <1>\r\n\r\n\r\n--b--"),
];

pub(super) const HEADERS: &[(&str, &str)] = &[
    (
        "digest",
        "<w:UsernameToken u:Id='a'><w:Username>ann</w:Username><w:Password \
         Type='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest'>\
         tuOSpGlFlIXsozq4HFNeeGeFLEI=</w:Password><w:Nonce>LKqI6G/AikKCQrN0zqZFlg==</w:Nonce>\
         <u:Created>2010-09-16T07:50:45Z</u:Created></w:UsernameToken>",
    ),
    ("text", "<w:UsernameToken><w:Username>ann</w:Username><w:Password>ann</w:Password></w:UsernameToken>"),
    (
        "timestamp",
        "<u:Timestamp><u:Created>2026-11-22T00:00:00Z</u:Created><u:Expires>9999-12-31T23:59:59Z</u:Expires></u:Timestamp>",
    ),
    ("signature", "<d:Signature xmlns:d='http://www.w3.org/2000/09/xmldsig#'/>"),
    (
        "addresses",
        "<a:Action>urn:farcall:Fuzz#any</a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:ReplyTo>\
         <a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address><a:ReferenceParameters><k xmlns='urn:k'>v</k>\
         </a:ReferenceParameters></a:ReplyTo>",
    ),
    ("elsewhere", "<a:ReplyTo><a:Address>http://127.0.0.1/</a:Address></a:ReplyTo>"),
];

pub(super) const DESCRIPTIONS: &[(&str, &str)] = &[
    (
        "schema",
        "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:a' targetNamespace='urn:a'>\
         <x:element name='e' type='t:T'/><x:complexType name='T'><x:sequence><x:element ref='t:e' minOccurs='0'/>\
         <x:choice maxOccurs='unbounded'><x:element name='a' type='x:int'/><x:any/></x:choice></x:sequence>\
         <x:attribute name='b' type='t:S'/></x:complexType><x:simpleType name='S'><x:restriction base='x:string'>\
         <x:enumeration value='v'/></x:restriction></x:simpleType></x:schema>",
    ),
    (
        "derived",
        "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:a' targetNamespace='urn:a'>\
         <x:complexType name='A' abstract='true'><x:sequence><x:element name='a' type='x:date' nillable='true'/></x:sequence>\
         </x:complexType><x:complexType name='B'><x:complexContent><x:extension base='t:A'><x:all><x:element name='b' type='t:L'/>\
         </x:all></x:extension></x:complexContent></x:complexType><x:simpleType name='L'><x:list itemType='x:int'/></x:simpleType>\
         <x:group name='G'><x:sequence><x:group ref='t:G'/></x:sequence></x:group></x:schema>",
    ),
    (
        "rpc",
        "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' \
         xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:a' targetNamespace='urn:a'><w:message name='m'>\
         <w:part name='p' type='x:int'/></w:message><w:portType name='P'><w:operation name='o'><w:input message='t:m'/>\
         <w:output message='t:m'/></w:operation></w:portType><w:binding name='B' type='t:P'><s:binding style='rpc' \
         transport='http://schemas.xmlsoap.org/soap/http'/><w:operation name='o'><s:operation soapAction='a'/><w:input>\
         <s:body use='encoded' namespace='urn:a' encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'/></w:input><w:output>\
         <s:body use='literal'/></w:output></w:operation></w:binding><w:service name='S'><w:port name='P' binding='t:B'>\
         <s:address location='http://h/'/></w:port></w:service></w:definitions>",
    ),
    ("wsdl-2", "<description xmlns='http://www.w3.org/ns/wsdl'/>"),
    ("undeclared", "<wsdl:definitions><wsdl:types><xs:schema/></wsdl:types></wsdl:definitions>"),
];

/// A description of ours.
pub(super) fn emitted() -> Vec<(String, String)> {
    let fields = vec![
        Field::new("name".into(), TypeRef::from(Type::String)),
        Field::new("sizes".into(), TypeRef::from(Type::Sequence(Type::I32.into()))),
    ];
    let record = TypeRef::from(Type::Struct(StructType::new("Record", fields)));
    let map = TypeRef::from(Type::Map(Type::String.into(), record.clone()));
    let operation = Operation::new("find").with_param(Param::new("by", map)).with_result(record);
    let interface = Interface::new("Records").with_operation(operation);
    let options = EmitOptions::new("urn:records", "records", "http://127.0.0.1/records").with_soap12(true);
    emit(&interface, &options).map(|text| ("emitted".to_owned(), text)).into_iter().collect()
}
