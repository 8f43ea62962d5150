//! `system.multicall`: what goes wrong inside stays inside, each call counts,
//! and no batch is a bomb.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{answer_octets, ask, call, fault, methods, read, run, server};
use farcall_model::Value;
use farcall_wire::{Context, Fault, FaultKind, Limits};
use farcall_xmlrpc::{Methods, XmlRpcServer};

/// A batch of those entries, given as they stand inside of `<value>`.
fn batch(entries: &[String]) -> String {
    let values: String = entries.iter().map(|entry| format!("<value>{entry}</value>")).collect();
    call("system.multicall", &[&format!("<value><array><data>{values}</data></array></value>")])
}

fn entry(method: &str, params: &str) -> String {
    format!(
        "<struct><member><name>methodName</name><value><string>{method}</string></value></member>\
         <member><name>params</name><value><array><data>{params}</data></array></value></member></struct>"
    )
}

/// The replies: a result, or code and text of a fault.
fn replies(value: Value) -> Vec<Result<Value, (i64, String)>> {
    let Value::Sequence(items) = value else { panic!("{value:?}") };
    items
        .into_iter()
        .map(|item| match item {
            Value::Sequence(mut one) if one.len() == 1 => Ok(one.remove(0)),
            Value::Struct(record) => Err((
                record.field("faultCode").and_then(Value::as_i64).unwrap(),
                record.field("faultString").and_then(Value::as_str).unwrap().to_owned(),
            )),
            other => panic!("neither an array of one nor a fault: {other:?}"),
        })
        .collect()
}

fn answers(entries: &[String]) -> Vec<Result<Value, (i64, String)>> {
    replies(ask(&server(), batch(entries)).unwrap())
}

const ONE: &str = "<value><int>1</int></value>";

#[test]
fn each_call_has_its_reply_in_its_place() {
    let answers = answers(&[
        entry("add", &format!("{ONE}{ONE}")),
        entry("fail", ""),
        entry("nothing", ""),
        entry("count", ONE),
        entry("add", ONE),
        entry("unsendable", ""),
        entry("echo", "<value><nil/></value>"),
    ]);
    assert_eq!(answers[0], Ok(Value::I32(2)));
    assert_eq!(answers[1].as_ref().unwrap_err().0, 42);
    assert_eq!(answers[2].as_ref().unwrap_err().0, -32601);
    assert_eq!(answers[3], Ok(Value::I32(1)));
    assert_eq!(answers[4].as_ref().unwrap_err().0, -32602);
    assert_eq!(answers[5].as_ref().unwrap_err().0, -32603);
    assert_eq!(answers[6], Ok(Value::Sequence(vec![Value::Nil])));
}

#[test]
fn an_empty_batch_is_an_empty_array() {
    for empty in ["<value><array><data/></array></value>", "<value><array/></value>"] {
        assert_eq!(ask(&server(), call("system.multicall", &[empty])).unwrap(), Value::Sequence(vec![]));
    }
}

#[test]
fn params_may_come_before_the_name() {
    let swapped = "<struct><member><name>params</name><value><array><data><value><int>1</int></value></data></array></value></member>\
                   <member><name>methodName</name><value>count</value></member></struct>";
    let more = "<struct><member><name>id</name><value><int>1</int></value></member><member><name>params</name><value>\
                <array><value><int>1</int></value></array></value></member><member><name>methodName</name><value>count</value></member></struct>";
    for answer in answers(&[swapped.into(), more.into(), swapped.into()]) {
        assert_eq!(answer, Ok(Value::I32(1)));
    }
}

#[test]
fn a_malformed_entry_is_a_fault_in_its_place() {
    let name = "<member><name>methodName</name><value>count</value></member>";
    let params = "<member><name>params</name><value><array><data/></array></value></member>";
    let wrong = [
        "text".to_owned(),
        "<int>1</int>".into(),
        "<nil/>".into(),
        "<array><data/></array>".into(),
        "<struct/>".into(),
        format!("<struct>{name}</struct>"),
        format!("<struct>{params}</struct>"),
        format!(
            "<struct>{params}<member><name>methodName</name><value><int>1</int></value></member></struct>"
        ),
        format!("<struct>{name}<member><name>params</name><value><struct/></value></member></struct>"),
        format!("<struct>{name}<member><name>params</name><value>x</value></member></struct>"),
        format!("<struct>{name}{name}{params}</struct>"),
        format!("<struct>{name}{params}{params}</struct>"),
        "<struct><member><value>x</value></member></struct>".into(),
        entry("", ""),
        entry("echo", "<value><int>x</int></value>"),
        entry("echo", "<value><double>INF</double></value>"),
    ];
    let mut entries = vec![entry("count", "")];
    for wrong in &wrong {
        entries.push(wrong.clone());
        entries.push(entry("count", ONE));
    }
    let answers = answers(&entries);
    assert_eq!(answers[0], Ok(Value::I32(0)));
    for (at, wrong) in wrong.iter().enumerate() {
        let (code, text) = answers[2 * at + 1].as_ref().expect_err(wrong);
        assert!([-32600, -32601, -32602].contains(code), "{wrong}: {code} {text}");
        assert_eq!(answers[2 * at + 2], Ok(Value::I32(1)), "after {wrong}");
    }
}

#[test]
fn a_batch_that_is_not_one_is_a_fault_as_a_whole() {
    for values in [
        &[][..],
        &["<value>x</value>"],
        &["<value><struct/></value>"],
        &["<value><array/></value>", ONE],
        &[ONE],
    ] {
        let (code, text) = fault(&server(), call("system.multicall", values));
        assert_eq!(code, -32602, "{text}");
    }
    let cut = batch(&[entry("count", "")]).replace("</array></value></param>", "</value></param>");
    assert_eq!(fault(&server(), cut).0, -32700);
}

#[test]
fn nothing_runs_if_the_end_of_the_batch_is_ill_formed() {
    let ran = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ran);
    let methods = Methods::new().with("run", "", move |_, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(Value::Nil) }
    });
    let server = XmlRpcServer::new().with_service("", Arc::new(methods));
    let whole = batch(&[entry("run", ""), entry("run", "")]);
    for end in 0..whole.len() {
        assert!(ask(&server, &whole[..end]).is_err());
    }
    ask(&server, format!("{whole}x")).unwrap_err();
    assert_eq!(ran.load(Ordering::SeqCst), 0);
    ask(&server, &whole).unwrap();
    assert_eq!(ran.load(Ordering::SeqCst), 2);
}

#[test]
fn a_batch_in_a_batch_is_refused() {
    let inner = format!("<value><array><data><value>{}</value></data></array></value>", entry("count", ""));
    let answers = answers(&[entry("system.multicall", &inner), entry("count", "")]);
    let (code, text) = answers[0].as_ref().unwrap_err();
    assert_eq!(*code, -32600, "{text}");
    assert!(text.contains("inside system.multicall"), "{text}");
    assert_eq!(answers[1], Ok(Value::I32(0)));
    // batches in batches to the limit of nesting and beyond: no growth, no stack
    for levels in [10, 40, 1_000, 20_000] {
        let open = "<value><struct><member><name>methodName</name><value>system.multicall</value></member><member><name>params</name>\
                    <value><array><data><value><array><data>";
        let close = "</data></array></value></data></array></value></member></struct></value>";
        let text = call(
            "system.multicall",
            &[&format!(
                "<value><array><data>{}{}</data></array></value>",
                open.repeat(levels),
                close.repeat(levels)
            )],
        );
        let begun = Instant::now();
        let reply = answer_octets(&server(), &text, None);
        assert!(reply.len() < 5_000, "{}", reply.len());
        let _ = read(&reply);
        assert!(begun.elapsed() < Duration::from_secs(3), "{levels}: {:?}", begun.elapsed());
    }
}

#[test]
fn the_length_of_a_batch_is_bounded_and_named() {
    let many = batch(&vec![entry("count", ""); 1_001]);
    let (code, text) = fault(&server(), many);
    assert_eq!(code, -32003);
    assert!(text.contains("'batch' of 1000"), "{text}");
    let cx = Context::new().with_limits(Arc::new(Limits::default().with_batch(2)));
    let three = batch(&vec![entry("count", ""); 3]);
    let reply = run(server().answer("/", three.as_bytes(), None, cx.clone()));
    assert_eq!(read(std::str::from_utf8(&reply).unwrap()).unwrap_err().kind(), FaultKind::Limit);
    let two = batch(&vec![entry("count", ""); 2]);
    let reply = run(server().answer("/", two.as_bytes(), None, cx));
    assert!(read(std::str::from_utf8(&reply).unwrap()).is_ok());
}

#[test]
fn each_call_of_a_batch_is_judged() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let server =
        XmlRpcServer::new().with_service("bank", Arc::new(methods())).with_authorization(move |_, name| {
            log.lock().unwrap().push(name.to_owned());
            match name {
                "bank.fail" => Err(Fault::new(FaultKind::Forbidden, "not for you")),
                _ => Ok(()),
            }
        });
    let answers = replies(
        ask(
            &server,
            batch(&[entry("bank.count", ""), entry("bank.fail", ""), entry("system.listMethods", "")]),
        )
        .unwrap(),
    );
    assert_eq!(answers[0], Ok(Value::I32(0)));
    assert_eq!(answers[1].as_ref().unwrap_err().0, -32002, "{answers:?}");
    assert!(answers[2].is_ok());
    assert_eq!(
        *seen.lock().unwrap(),
        ["system.multicall", "bank.count", "bank.fail", "system.listMethods"],
        "full names, whatever the path"
    );
    // under the path of the service the full name is judged all the same
    let reply = run(server.answer("/bank", call("fail", &[]).as_bytes(), None, Context::new()));
    assert_eq!(read(std::str::from_utf8(&reply).unwrap()).unwrap_err().kind(), FaultKind::Forbidden);
    let reply = run(server.answer("/bank", batch(&[entry("fail", "")]).as_bytes(), None, Context::new()));
    let answers = replies(read(std::str::from_utf8(&reply).unwrap()).unwrap());
    assert_eq!(answers[0].as_ref().unwrap_err().0, -32002);
}

#[test]
fn one_who_may_not_send_a_batch_is_told_so() {
    let server =
        XmlRpcServer::new().with_service("", Arc::new(methods())).with_authorization(|_, name| match name {
            "system.multicall" | "system.listMethods" => Err(Fault::new(FaultKind::Forbidden, "no")),
            _ => Ok(()),
        });
    assert_eq!(fault(&server, batch(&[entry("count", "")])).0, -32002);
    assert_eq!(fault(&server, call("system.listMethods", &[])).0, -32002);
    assert!(ask(&server, call("count", &[])).is_ok());
}

#[test]
fn a_batch_ends_with_its_deadline() {
    let methods = Methods::new().with("slow", "", |_, _| async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        Ok(Value::Nil)
    });
    let server = XmlRpcServer::new().with_service("", Arc::new(methods));
    let cx = Context::new().with_timeout(Duration::from_millis(100));
    let reply = run(server.answer("/", batch(&vec![entry("slow", ""); 20]).as_bytes(), None, cx));
    let answers = replies(read(std::str::from_utf8(&reply).unwrap()).unwrap());
    assert!(answers[0].is_ok());
    assert_eq!(answers[19].as_ref().unwrap_err().0, -32005, "{answers:?}");
    // one that is late from the start runs nothing
    let late = Context::new().with_timeout(Duration::ZERO);
    let reply = run(server.answer("/", batch(&vec![entry("slow", ""); 3]).as_bytes(), None, late));
    let answers = replies(read(std::str::from_utf8(&reply).unwrap()).unwrap());
    assert!(
        answers.iter().all(|answer| answer.as_ref().is_err_and(|(code, _)| *code == -32005)),
        "{answers:?}"
    );
}

#[test]
fn a_batch_of_errors_after_much_text_costs_no_more_than_one() {
    // each error has a place; finding it must not read the whole message a thousand times
    let ballast = format!("<string>{}</string>", "<![CDATA[x]]>".repeat(40_000));
    let mut entries = vec![entry("count", &format!("<value>{ballast}</value>"))];
    entries.extend(vec![entry("echo", "<value><int>x</int></value>"); 990]);
    let text = batch(&entries);
    let begun = Instant::now();
    let answers = answers(&entries);
    assert_eq!(answers.len(), 991);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?} for {} octets", begun.elapsed(), text.len());
}
