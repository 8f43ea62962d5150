//! What is let in, and what is refused with which code.

use super::*;
use crate::Version;

const NOW: Duration = Duration::from_secs(1_700_000_000);

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + NOW
}

fn security() -> Security {
    Security::of_passwords(|user| (user == "ann").then(|| "secret".to_owned()))
}

fn head() -> Parts {
    http::Request::new(()).into_parts().0
}

fn checked(security: &Security, headers: &[String]) -> Result<Option<Identity>, Refusal> {
    let of = |xml: &String| Header {
        namespace: Some(WSSE.to_owned()),
        name: "Security",
        xml: xml.replacen("<w:Security ", &format!("<w:Security xmlns:s='{}' ", Version::V11.namespace()), 1),
        must_understand: true,
        role: None,
    };
    let headers: Vec<_> = headers.iter().map(of).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(security.check(&head(), &headers, false, now()))
}

fn code(security: &Security, headers: &[String]) -> &'static str {
    checked(security, headers).unwrap_err().code
}

fn sent(token: &UsernameToken, ago: i64) -> String {
    let at = now().checked_sub(Duration::from_secs(ago.max(0) as u64)).unwrap();
    token.header(at + Duration::from_secs((-ago).max(0) as u64)).unwrap()
}

#[test]
fn who_knows_the_password_is_let_in_once() {
    let security = security();
    let (digest, text) = (UsernameToken::digest("ann", "secret"), UsernameToken::text("ann", "secret"));
    for token in [&digest, &text, &digest.clone().with_timestamp(Duration::from_secs(9))] {
        let header = sent(token, 0);
        let identity = checked(&security, std::slice::from_ref(&header)).unwrap().unwrap();
        assert_eq!((identity.name.as_str(), identity.method), ("ann", AuthMethod::Other));
        assert_eq!(code(&security, &[header]), "FailedAuthentication");
        for (user, password) in [("ann", "Secret"), ("ann", ""), ("bob", "secret"), ("bob", "")] {
            for token in [UsernameToken::digest(user, password), UsernameToken::text(user, password)] {
                assert_eq!(code(&security, &[sent(&token, 0)]), "FailedAuthentication", "{user} {password}");
            }
        }
    }
    // without nonce and time a text is as good as in HTTP
    let bare = format!(
        "<w:Security xmlns:w='{WSSE}'><w:UsernameToken><w:Username>ann</w:Username><w:Password>secret</w:Password>\
         </w:UsernameToken></w:Security>"
    );
    for _ in 0..2 {
        checked(&security, std::slice::from_ref(&bare)).unwrap();
    }
}

#[test]
fn times_are_within_the_window() {
    let token = UsernameToken::digest("ann", "secret");
    for (ago, good) in [(0, true), (350, true), (370, false), (-50, true), (-70, false)] {
        let checked = checked(&security(), &[sent(&token, ago)]);
        assert_eq!(checked.is_ok(), good, "{ago} {checked:?}");
    }
    let short = token.clone().with_timestamp(Duration::from_secs(10));
    for (ago, good) in [(0, true), (60, true), (80, false)] {
        let checked = checked(&security(), &[sent(&short, ago)]);
        assert_eq!(
            checked.map_err(|refusal| refusal.code),
            if good { Ok(Some(identity("ann"))) } else { Err("MessageExpired") }
        );
    }
    assert_eq!(code(&security().require_timestamp(), &[sent(&token, 0)]), "InvalidSecurity");
    checked(&security().require_timestamp(), &[sent(&short, 0)]).unwrap();
}

#[test]
fn what_is_not_checked_is_refused() {
    let header = |inside: &str| {
        let spaces = format!("xmlns:w='{WSSE}' xmlns:u='{WSU}' xmlns:d='http://www.w3.org/2000/09/xmldsig#'");
        vec![format!("<w:Security {spaces}>{inside}</w:Security>")]
    };
    let token = |inside: &str| {
        header(&format!("<w:UsernameToken><w:Username>ann</w:Username>{inside}</w:UsernameToken>"))
    };
    let password = "<w:Password>secret</w:Password>";
    for (headers, expected) in [
        (vec![], "InvalidSecurity"),
        (header(""), "InvalidSecurity"),
        (header("<u:Timestamp/>"), "InvalidSecurity"),
        (header("<u:Timestamp/><u:Timestamp/>"), "InvalidSecurity"),
        (header("<u:Timestamp><u:Created>yesterday</u:Created></u:Timestamp>"), "InvalidSecurity"),
        (
            header(
                "<u:Timestamp><u:Created>2023-11-14T22:13:20Z</u:Created><u:Created>2023-11-14T22:13:20Z</u:Created></u:Timestamp>",
            ),
            "InvalidSecurity",
        ),
        (header("<w:BinarySecurityToken/>"), "UnsupportedSecurityToken"),
        (header("<d:Signature/>"), "UnsupportedSecurityToken"),
        (header("<other/>"), "UnsupportedSecurityToken"),
        (header("<w:UsernameToken/>"), "InvalidSecurityToken"),
        (token(""), "InvalidSecurityToken"),
        (token(&password.repeat(2)), "InvalidSecurityToken"),
        (token(&format!("{password}<w:Nonce>*</w:Nonce>")), "InvalidSecurityToken"),
        (token(&format!("{password}<w:Salt/>")), "InvalidSecurityToken"),
        (token("<w:Password Type='urn:x'>secret</w:Password>"), "UnsupportedAlgorithm"),
        (token(&format!("<w:Password Type='{DIGEST}'>AAAA</w:Password>")), "InvalidSecurityToken"),
        ([token(password), token(password)].concat(), "InvalidSecurity"),
        (header(&format!("{0}{0}", &token(password)[0])), "UnsupportedSecurityToken"),
        (header("<u:Timestamp u:Id='a'/><w:UsernameToken u:Id='a'/>"), "InvalidSecurity"),
        (vec!["<w:Security>".to_owned()], "InvalidSecurity"),
    ] {
        assert_eq!(code(&security(), &headers), expected, "{headers:?}");
    }
    checked(&security(), &token(password)).unwrap();
}

#[test]
fn an_authenticator_judges_texts_and_no_digests() {
    let security = Security::of_authenticator(farcall_net::Users::new("x").with("ann", "secret"));
    assert!(checked(&security, &[sent(&UsernameToken::text("ann", "secret"), 0)]).unwrap().is_some());
    assert_eq!(code(&security, &[sent(&UsernameToken::text("ann", "no"), 0)]), "FailedAuthentication");
    assert_eq!(code(&security, &[sent(&UsernameToken::digest("ann", "secret"), 0)]), "UnsupportedAlgorithm");
}
