//! Schemas that descriptions take for granted, in renderings of our own: the declarations that
//! others refer to, enough to read and write their values. They are never fetched.

use std::collections::HashSet;

use crate::mapping::WSA;

/// The namespaces of SOAP encoding: 1.1, the drafts on the way, and 1.2.
pub(crate) const ENCODINGS: [&str; 5] = [
    "http://schemas.xmlsoap.org/soap/encoding/",
    "http://www.w3.org/2001/06/soap-encoding",
    "http://www.w3.org/2001/09/soap-encoding",
    "http://www.w3.org/2002/12/soap-encoding",
    "http://www.w3.org/2003/05/soap-encoding",
];

const XML: &str = farcall_xml::XML_NAMESPACE;
const ADDRESSING: [&str; 4] = [
    WSA,
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/03/addressing",
    "http://schemas.xmlsoap.org/ws/2003/03/addressing",
];
const ENVELOPES: [&str; 2] =
    ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];
const MIMES: [&str; 2] = ["http://www.w3.org/2005/05/xmlmime", "http://www.w3.org/2004/11/xmlmime"];
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const OLD_WSSE: [&str; 2] =
    ["http://schemas.xmlsoap.org/ws/2002/04/secext", "http://schemas.xmlsoap.org/ws/2003/06/secext"];
const OLD_WSU: [&str; 2] =
    ["http://schemas.xmlsoap.org/ws/2002/07/utility", "http://schemas.xmlsoap.org/ws/2003/06/utility"];
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const XOP: &str = "http://www.w3.org/2004/08/xop/include";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const SWA: &str = "http://ws-i.org/profiles/basic/1.1/xsd";
const DIME: &str = "http://schemas.xmlsoap.org/ws/2002/04/reference/";
const APACHE: &str = "http://xml.apache.org/xml-soap";
const MICROSOFT: &str = "http://microsoft.com/wsdl/types/";
const SERIALIZATION: &str = "http://schemas.microsoft.com/2003/10/Serialization/";

/// Whether a namespace has a built-in schema.
pub(super) fn is_standard(namespace: &str) -> bool {
    body(namespace).is_some()
}

/// The built-in namespaces among these, and those that they build on.
pub(super) fn closure(known: &HashSet<String>) -> Vec<&'static str> {
    let all = [XML, WSSE, WSU, DSIG, XENC, XOP, XLINK, WSDL, SWA, DIME, APACHE, MICROSOFT, SERIALIZATION];
    let all = all.into_iter().chain(ENCODINGS).chain(ADDRESSING).chain(ENVELOPES).chain(MIMES);
    let all: Vec<_> = all.chain(OLD_WSSE).chain(OLD_WSU).collect();
    let security = [WSSE, WSU, DSIG, XENC];
    let has = |namespace: &str| known.contains(namespace);
    let secured = security.iter().any(|ns| has(ns)) || OLD_WSSE.iter().any(|ns| has(ns));
    all.into_iter().filter(|ns| has(ns) || *ns == XML || (secured && security.contains(ns))).collect()
}

/// The schema of a built-in namespace.
pub(super) fn text(namespace: &str) -> Option<String> {
    let body = body(namespace)?;
    let more = match namespace {
        WSA => ENDPOINT_BODY,
        _ if ADDRESSING.contains(&namespace) => OLD_ENDPOINT_BODY,
        _ => "",
    };
    // the XML namespace has its prefix already, and may have no other
    let own = if namespace == XML { String::new() } else { format!("xmlns:t=\"{namespace}\"") };
    Some(format!(
        r#"<schema xmlns="http://www.w3.org/2001/XMLSchema" {own} xmlns:u="{WSU}" xmlns:d="{DSIG}"
            targetNamespace="{namespace}" elementFormDefault="qualified">{body}{more}</schema>"#
    ))
}

fn body(namespace: &str) -> Option<&'static str> {
    Some(match namespace {
        XML => XML_BODY,
        WSSE => WSSE_BODY,
        WSU => WSU_BODY,
        DSIG => DSIG_BODY,
        XENC => XENC_BODY,
        XOP => XOP_BODY,
        XLINK => XLINK_BODY,
        WSDL => r#"<attribute name="arrayType" type="string"/>"#,
        DIME => r#"<attribute name="location" type="anyURI"/>"#,
        SWA => r#"<simpleType name="swaRef"><restriction base="anyURI"/></simpleType>"#,
        APACHE => APACHE_BODY,
        MICROSOFT => MICROSOFT_BODY,
        SERIALIZATION => SERIALIZATION_BODY,
        _ if ENCODINGS.contains(&namespace) => ENCODING_BODY,
        _ if ADDRESSING.contains(&namespace) => ADDRESSING_BODY,
        _ if ENVELOPES.contains(&namespace) => ENVELOPE_BODY,
        _ if MIMES.contains(&namespace) => MIME_BODY,
        _ if OLD_WSSE.contains(&namespace) => WSSE_BODY,
        _ if OLD_WSU.contains(&namespace) => WSU_BODY,
        _ => return None,
    })
}

const XML_BODY: &str = r###"
<attribute name="lang" type="language"/>
<attribute name="base" type="anyURI"/>
<attribute name="id" type="ID"/>
<attribute name="space"><simpleType><restriction base="NCName">
  <enumeration value="default"/><enumeration value="preserve"/></restriction></simpleType></attribute>
<attributeGroup name="specialAttrs">
  <attribute ref="xml:base"/><attribute ref="xml:lang"/><attribute ref="xml:space"/><attribute ref="xml:id"/>
</attributeGroup>"###;

const ENCODING_BODY: &str = r###"
<attribute name="root" type="boolean"/>
<attribute name="arrayType" type="string"/>
<attribute name="itemType" type="QName"/>
<attribute name="arraySize" type="string"/>
<attribute name="offset" type="string"/>
<attribute name="position" type="string"/>
<attributeGroup name="commonAttributes">
  <attribute name="id" type="ID"/><attribute name="href" type="anyURI"/><anyAttribute namespace="##other"/>
</attributeGroup>
<attributeGroup name="arrayAttributes">
  <attribute ref="t:arrayType"/><attribute ref="t:offset"/>
</attributeGroup>
<attributeGroup name="arrayMemberAttributes"><attribute ref="t:position"/></attributeGroup>
<group name="Array"><sequence><any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></group>
<group name="Struct"><sequence><any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></group>
<complexType name="Array"><group ref="t:Array" minOccurs="0"/>
  <attributeGroup ref="t:arrayAttributes"/><attributeGroup ref="t:commonAttributes"/></complexType>
<complexType name="Struct"><group ref="t:Struct" minOccurs="0"/>
  <attributeGroup ref="t:commonAttributes"/></complexType>
<element name="Array" type="t:Array"/>
<element name="Struct" type="t:Struct"/>"###;

const ADDRESSING_BODY: &str = r###"
<complexType name="AttributedURIType"><simpleContent><extension base="anyURI">
  <anyAttribute namespace="##other"/></extension></simpleContent></complexType>
<complexType name="AttributedURI"><simpleContent><extension base="anyURI">
  <anyAttribute namespace="##other"/></extension></simpleContent></complexType>
<complexType name="AttributedQNameType"><simpleContent><extension base="QName">
  <anyAttribute namespace="##other"/></extension></simpleContent></complexType>
<complexType name="AttributedUnsignedLongType"><simpleContent><extension base="unsignedLong">
  <anyAttribute namespace="##other"/></extension></simpleContent></complexType>
<complexType name="RelatesToType"><simpleContent><extension base="anyURI">
  <attribute name="RelationshipType" type="anyURI"/><anyAttribute namespace="##other"/>
  </extension></simpleContent></complexType>
<complexType name="Relationship"><simpleContent><extension base="anyURI">
  <attribute name="RelationshipType" type="QName"/></extension></simpleContent></complexType>
<complexType name="ReferenceParametersType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="ReferencePropertiesType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="MetadataType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="EndpointReferenceType"><group ref="t:EndpointReferenceContent"/></complexType>
<element name="EndpointReference" type="t:EndpointReferenceType"/>
<element name="ReferenceParameters" type="t:ReferenceParametersType"/>
<element name="Metadata" type="t:MetadataType"/>
<element name="MessageID" type="t:AttributedURIType"/>
<element name="RelatesTo" type="t:RelatesToType"/>
<element name="ReplyTo" type="t:EndpointReferenceType"/>
<element name="From" type="t:EndpointReferenceType"/>
<element name="FaultTo" type="t:EndpointReferenceType"/>
<element name="To" type="t:AttributedURIType"/>
<element name="Action" type="t:AttributedURIType"/>
<element name="RetryAfter" type="t:AttributedUnsignedLongType"/>
<element name="ProblemHeaderQName" type="t:AttributedQNameType"/>
<element name="ProblemIRI" type="t:AttributedURIType"/>
<attribute name="IsReferenceParameter" type="boolean"/>
<attribute name="Action" type="anyURI"/>"###;

/// What an endpoint reference holds since the Recommendation (WS-Addressing 1.0 Core, section 2.1).
const ENDPOINT_BODY: &str = r###"
<group name="EndpointReferenceContent"><sequence>
  <element name="Address" type="t:AttributedURIType"/>
  <element name="ReferenceParameters" type="t:ReferenceParametersType" minOccurs="0"/>
  <element name="Metadata" type="t:MetadataType" minOccurs="0"/>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
  </sequence></group>"###;

/// What it held before (the submission of August 2004, section 2.2).
const OLD_ENDPOINT_BODY: &str = r###"
<group name="EndpointReferenceContent"><sequence>
  <element name="Address" type="t:AttributedURIType"/>
  <element name="ReferenceProperties" type="t:ReferencePropertiesType" minOccurs="0"/>
  <element name="ReferenceParameters" type="t:ReferenceParametersType" minOccurs="0"/>
  <element name="PortType" type="t:AttributedQNameType" minOccurs="0"/>
  <element name="ServiceName" type="t:AttributedQNameType" minOccurs="0"/>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
  </sequence></group>"###;

const ENVELOPE_BODY: &str = r###"
<attribute name="mustUnderstand" type="boolean"/>
<attribute name="actor" type="anyURI"/>
<attribute name="role" type="anyURI"/>
<attribute name="relay" type="boolean"/>
<attribute name="encodingStyle" type="anyURI"/>
<simpleType name="encodingStyle"><list itemType="anyURI"/></simpleType>
<attributeGroup name="encodingStyle"><attribute ref="t:encodingStyle"/></attributeGroup>
<complexType name="Header"><sequence>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="Body"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="detail"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="Fault"><sequence>
  <element name="faultcode" type="QName" form="unqualified"/>
  <element name="faultstring" type="string" form="unqualified"/>
  <element name="faultactor" type="anyURI" form="unqualified" minOccurs="0"/>
  <element name="detail" type="t:detail" form="unqualified" minOccurs="0"/></sequence></complexType>
<complexType name="Envelope"><sequence>
  <element ref="t:Header" minOccurs="0"/><element ref="t:Body"/></sequence></complexType>
<element name="Envelope" type="t:Envelope"/>
<element name="Header" type="t:Header"/>
<element name="Body" type="t:Body"/>
<element name="Fault" type="t:Fault"/>"###;

const MIME_BODY: &str = r###"
<attribute name="contentType" type="string"/>
<attribute name="expectedContentTypes" type="string"/>
<complexType name="base64Binary"><simpleContent><extension base="base64Binary">
  <attribute ref="t:contentType"/></extension></simpleContent></complexType>
<complexType name="hexBinary"><simpleContent><extension base="hexBinary">
  <attribute ref="t:contentType"/></extension></simpleContent></complexType>"###;

const WSU_BODY: &str = r###"
<attribute name="Id" type="ID"/>
<attributeGroup name="commonAtts"><attribute ref="t:Id"/><anyAttribute namespace="##other"/></attributeGroup>
<complexType name="AttributedDateTime"><simpleContent><extension base="string">
  <attributeGroup ref="t:commonAtts"/></extension></simpleContent></complexType>
<complexType name="TimestampType"><sequence>
  <element ref="t:Created" minOccurs="0"/><element ref="t:Expires" minOccurs="0"/>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
  </sequence><attributeGroup ref="t:commonAtts"/></complexType>
<element name="Created" type="t:AttributedDateTime"/>
<element name="Expires" type="t:AttributedDateTime"/>
<element name="Timestamp" type="t:TimestampType"/>"###;

const WSSE_BODY: &str = r###"
<complexType name="AttributedString"><simpleContent><extension base="string">
  <attribute ref="u:Id"/><anyAttribute namespace="##other"/></extension></simpleContent></complexType>
<complexType name="PasswordString"><simpleContent><extension base="t:AttributedString">
  <attribute name="Type" type="anyURI"/></extension></simpleContent></complexType>
<complexType name="EncodedString"><simpleContent><extension base="t:AttributedString">
  <attribute name="EncodingType" type="anyURI"/></extension></simpleContent></complexType>
<complexType name="BinarySecurityTokenType"><simpleContent><extension base="t:EncodedString">
  <attribute name="ValueType" type="anyURI"/></extension></simpleContent></complexType>
<complexType name="UsernameTokenType"><sequence>
  <element name="Username" type="t:AttributedString"/>
  <element ref="t:Password" minOccurs="0"/><element ref="t:Nonce" minOccurs="0"/>
  <element ref="u:Created" minOccurs="0"/>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
  </sequence><attribute ref="u:Id"/><anyAttribute namespace="##other"/></complexType>
<complexType name="SecurityHeaderType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <anyAttribute namespace="##other"/></complexType>
<complexType name="ReferenceType"><attribute name="URI" type="anyURI"/>
  <attribute name="ValueType" type="anyURI"/><anyAttribute namespace="##other"/></complexType>
<complexType name="KeyIdentifierType"><simpleContent><extension base="t:EncodedString">
  <attribute name="ValueType" type="anyURI"/></extension></simpleContent></complexType>
<complexType name="SecurityTokenReferenceType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute ref="u:Id"/><attribute name="Usage" type="string"/><anyAttribute namespace="##other"/></complexType>
<simpleType name="FaultcodeEnum"><restriction base="QName"/></simpleType>
<element name="Username" type="t:AttributedString"/>
<element name="Password" type="t:PasswordString"/>
<element name="Nonce" type="t:EncodedString"/>
<element name="UsernameToken" type="t:UsernameTokenType"/>
<element name="BinarySecurityToken" type="t:BinarySecurityTokenType"/>
<element name="Reference" type="t:ReferenceType"/>
<element name="KeyIdentifier" type="t:KeyIdentifierType"/>
<element name="SecurityTokenReference" type="t:SecurityTokenReferenceType"/>
<element name="Security" type="t:SecurityHeaderType"/>"###;

const DSIG_BODY: &str = r###"
<simpleType name="CryptoBinary"><restriction base="base64Binary"/></simpleType>
<simpleType name="DigestValueType"><restriction base="base64Binary"/></simpleType>
<complexType name="SignatureValueType"><simpleContent><extension base="base64Binary">
  <attribute name="Id" type="ID"/></extension></simpleContent></complexType>
<complexType name="MethodType" mixed="true"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute name="Algorithm" type="anyURI" use="required"/></complexType>
<complexType name="TransformsType"><sequence>
  <element name="Transform" type="t:MethodType" maxOccurs="unbounded"/></sequence></complexType>
<complexType name="ReferenceType"><sequence>
  <element ref="t:Transforms" minOccurs="0"/><element ref="t:DigestMethod"/><element ref="t:DigestValue"/>
  </sequence><attribute name="Id" type="ID"/><attribute name="URI" type="anyURI"/>
  <attribute name="Type" type="anyURI"/></complexType>
<complexType name="SignedInfoType"><sequence>
  <element ref="t:CanonicalizationMethod"/><element ref="t:SignatureMethod"/>
  <element ref="t:Reference" maxOccurs="unbounded"/></sequence><attribute name="Id" type="ID"/></complexType>
<complexType name="ObjectType" mixed="true"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute name="Id" type="ID"/><attribute name="MimeType" type="string"/>
  <attribute name="Encoding" type="anyURI"/></complexType>
<complexType name="KeyInfoType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute name="Id" type="ID"/></complexType>
<complexType name="KeyValueType"><sequence><any processContents="lax"/></sequence></complexType>
<complexType name="X509DataType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="X509IssuerSerialType"><sequence>
  <element name="X509IssuerName" type="string"/><element name="X509SerialNumber" type="integer"/>
  </sequence></complexType>
<complexType name="SignatureType"><sequence>
  <element ref="t:SignedInfo"/><element ref="t:SignatureValue"/><element ref="t:KeyInfo" minOccurs="0"/>
  <element ref="t:Object" minOccurs="0" maxOccurs="unbounded"/></sequence>
  <attribute name="Id" type="ID"/></complexType>
<element name="Signature" type="t:SignatureType"/>
<element name="SignatureValue" type="t:SignatureValueType"/>
<element name="SignedInfo" type="t:SignedInfoType"/>
<element name="CanonicalizationMethod" type="t:MethodType"/>
<element name="SignatureMethod" type="t:MethodType"/>
<element name="DigestMethod" type="t:MethodType"/>
<element name="DigestValue" type="t:DigestValueType"/>
<element name="Reference" type="t:ReferenceType"/>
<element name="Transforms" type="t:TransformsType"/>
<element name="Transform" type="t:MethodType"/>
<element name="Object" type="t:ObjectType"/>
<element name="KeyInfo" type="t:KeyInfoType"/>
<element name="KeyName" type="string"/>
<element name="KeyValue" type="t:KeyValueType"/>
<element name="X509Data" type="t:X509DataType"/>"###;

const XENC_BODY: &str = r###"
<complexType name="EncryptionMethodType" mixed="true"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute name="Algorithm" type="anyURI" use="required"/></complexType>
<complexType name="CipherReferenceType"><attribute name="URI" type="anyURI" use="required"/></complexType>
<complexType name="CipherDataType"><choice>
  <element name="CipherValue" type="base64Binary"/>
  <element name="CipherReference" type="t:CipherReferenceType"/></choice></complexType>
<complexType name="EncryptedType" abstract="true"><sequence>
  <element name="EncryptionMethod" type="t:EncryptionMethodType" minOccurs="0"/>
  <element ref="d:KeyInfo" minOccurs="0"/><element ref="t:CipherData"/>
  </sequence><attribute name="Id" type="ID"/><attribute name="Type" type="anyURI"/>
  <attribute name="MimeType" type="string"/><attribute name="Encoding" type="anyURI"/></complexType>
<complexType name="EncryptedDataType"><complexContent><extension base="t:EncryptedType"/>
  </complexContent></complexType>
<complexType name="EncryptedKeyType"><complexContent><extension base="t:EncryptedType"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute name="Recipient" type="string"/></extension></complexContent></complexType>
<element name="CipherData" type="t:CipherDataType"/>
<element name="EncryptedData" type="t:EncryptedDataType"/>
<element name="EncryptedKey" type="t:EncryptedKeyType"/>"###;

const XOP_BODY: &str = r###"
<complexType name="Include"><sequence>
  <any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence>
  <attribute name="href" type="anyURI" use="required"/><anyAttribute namespace="##other"/></complexType>
<element name="Include" type="t:Include"/>"###;

const XLINK_BODY: &str = r###"
<attribute name="type" type="string"/><attribute name="href" type="anyURI"/>
<attribute name="role" type="anyURI"/><attribute name="arcrole" type="anyURI"/>
<attribute name="title" type="string"/><attribute name="show" type="string"/>
<attribute name="actuate" type="string"/><attribute name="label" type="NCName"/>
<attribute name="from" type="NCName"/><attribute name="to" type="NCName"/>
<attributeGroup name="simpleLink"><attribute ref="t:type"/><attribute ref="t:href"/><attribute ref="t:role"/>
  <attribute ref="t:arcrole"/><attribute ref="t:title"/><attribute ref="t:show"/><attribute ref="t:actuate"/>
</attributeGroup>"###;

const APACHE_BODY: &str = r###"
<complexType name="mapItem"><sequence>
  <element name="key" type="anyType" nillable="true" form="unqualified"/>
  <element name="value" type="anyType" nillable="true" form="unqualified"/></sequence></complexType>
<complexType name="Map"><sequence>
  <element name="item" type="t:mapItem" minOccurs="0" maxOccurs="unbounded" form="unqualified"/>
  </sequence></complexType>
<complexType name="Vector"><sequence>
  <element name="item" type="anyType" minOccurs="0" maxOccurs="unbounded" form="unqualified"/>
  </sequence></complexType>
<complexType name="Element"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<complexType name="Document"><sequence>
  <any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
<simpleType name="DataHandler"><restriction base="anyURI"/></simpleType>
<simpleType name="Image"><restriction base="anyURI"/></simpleType>
<simpleType name="PlainText"><restriction base="anyURI"/></simpleType>
<simpleType name="Source"><restriction base="anyURI"/></simpleType>
<simpleType name="Multipart"><restriction base="anyURI"/></simpleType>
<simpleType name="OctetStream"><restriction base="anyURI"/></simpleType>"###;

const MICROSOFT_BODY: &str = r###"
<simpleType name="guid"><restriction base="string"/></simpleType>
<simpleType name="char"><restriction base="unsignedShort"/></simpleType>"###;

const SERIALIZATION_BODY: &str = r###"
<simpleType name="char"><restriction base="int"/></simpleType>
<simpleType name="duration"><restriction base="duration"/></simpleType>
<simpleType name="guid"><restriction base="string"/></simpleType>
<attribute name="FactoryType" type="QName"/><attribute name="Id" type="ID"/><attribute name="Ref" type="IDREF"/>
<element name="anyType" type="anyType" nillable="true"/>
<element name="anyURI" type="anyURI" nillable="true"/>
<element name="base64Binary" type="base64Binary" nillable="true"/>
<element name="boolean" type="boolean" nillable="true"/>
<element name="byte" type="byte" nillable="true"/>
<element name="char" type="t:char" nillable="true"/>
<element name="dateTime" type="dateTime" nillable="true"/>
<element name="decimal" type="decimal" nillable="true"/>
<element name="double" type="double" nillable="true"/>
<element name="duration" type="t:duration" nillable="true"/>
<element name="float" type="float" nillable="true"/>
<element name="guid" type="t:guid" nillable="true"/>
<element name="int" type="int" nillable="true"/>
<element name="long" type="long" nillable="true"/>
<element name="QName" type="QName" nillable="true"/>
<element name="short" type="short" nillable="true"/>
<element name="string" type="string" nillable="true"/>
<element name="unsignedByte" type="unsignedByte" nillable="true"/>
<element name="unsignedInt" type="unsignedInt" nillable="true"/>
<element name="unsignedLong" type="unsignedLong" nillable="true"/>
<element name="unsignedShort" type="unsignedShort" nillable="true"/>"###;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_holds_together() {
        for namespace in
            closure(&[WSSE].map(str::to_owned).into()).into_iter().chain([APACHE, WSA, XOP, XLINK])
        {
            let text = text(namespace).unwrap();
            let loaded = crate::load_str(&text, "built-in.xsd", &crate::LoadOptions::default()).unwrap();
            assert_eq!(loaded.diagnostics, [], "{namespace}");
        }
    }
}
