use farcall_macros::service;

#[service(nam = "bank")]
trait Bank<T> {
    type Account;
    const LIMIT: i32;
    fn blocking(&self) -> Result<(), Fault>;
    async fn generic<U>(&self, value: U) -> Result<(), Fault>;
    async fn exclusive(&mut self) -> Result<(), Fault>;
    async fn consuming(self) -> Result<(), Fault>;
    async fn free() -> Result<(), Fault>;
    #[cfg(unix)]
    async fn conditional(&self) -> Result<(), Fault>;
    async fn nothing(&self);
    async fn borrowed(&self, name: &str, items: &[i32]) -> Result<(), Fault>;
    async fn late(&self, name: String, cx: &Context) -> Result<(), Fault>;
    async fn open(&self) -> Result<(), Fault>;
    #[op(name = "open")]
    async fn reopen(&self) -> Result<(), Fault>;
    #[op(name = "OPEN")]
    async fn open_all(&self) -> Result<(), Fault>;
    #[op(oneway, fast)]
    async fn count(&self) -> Result<i32, Fault>;
    async fn channel(&self) -> Result<i32, Fault>;
    async fn same(&self, #[wire(name = "B")] a: i32, b: i32, #[wire(skip)] c: i32) -> Result<(), Fault>;
    async fn pattern(&self, (a, b): (i32, i32)) -> Result<(), Fault>;
    async fn many(
        &self,
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
        m: u8,
        n: u8,
        o: u8,
        p: u8,
        q: u8,
        r: u8,
        s: u8,
        t: u8,
        u: u8,
        v: u8,
        w: u8,
        x: u8,
        y: u8,
        p26: u8,
        p27: u8,
        p28: u8,
        p29: u8,
        p30: u8,
        p31: u8,
        p32: u8,
        p33: u8,
        p34: u8,
        p35: u8,
        p36: u8,
        p37: u8,
        p38: u8,
        p39: u8,
        p40: u8,
        p41: u8,
    ) -> Result<(), Fault>;
}

#[service]
struct NotATrait;

fn main() {}
