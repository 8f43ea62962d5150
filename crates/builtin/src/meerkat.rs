//! `meerkat`: news items to search, in the manner of the open wire service of
//! 2000: one struct says what is wanted, and most of it may be left out.
//!
//! ```
//! use farcall_builtin::{Meerkat, News, meerkat::Recipe};
//!
//! let recipe = Recipe { search: Some("[Cc]all".into()), num_items: Some(2), ..Recipe::default() };
//! let items = farcall::block_on(News.get_items(recipe))?;
//! assert_eq!(items.len(), 2);
//! # Ok::<(), farcall::Fault>(())
//! ```

use farcall::{DateTime, Fault, FaultKind, Wire, service};
use regex::RegexBuilder;

/// What is wanted. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Recipe {
    /// The number of a channel.
    pub channel: Option<i32>,
    /// The number of a category.
    pub category: Option<i32>,
    /// The number of an item.
    pub item: Option<i32>,
    /// A regular expression.
    pub search: Option<String>,
    /// Where it is looked for: `title`, `description` or `both` (which it is unless said).
    pub search_what: Option<String>,
    /// At most that many items, 0 to 50 (15 unless said).
    pub num_items: Option<i32>,
    /// At most that many characters of each description; none unless said.
    pub descriptions: Option<i32>,
    /// Not 0 to have the category's name.
    pub categories: Option<i32>,
    /// Not 0 to have the channel's name.
    pub channels: Option<i32>,
    /// Not 0 to have the date.
    pub dates: Option<i32>,
}

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Item {
    /// What it is about.
    pub title: String,
    /// Where it is.
    pub link: String,
    /// The beginning of it, if asked for.
    pub description: Option<String>,
    /// The category's name, if asked for.
    pub category: Option<String>,
    /// The channel's name, if asked for.
    pub channel: Option<String>,
    /// When it came, if asked for.
    pub date: Option<DateTime>,
}

/// A number and a name.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Entry {
    /// The number.
    pub id: i32,
    /// The name.
    pub title: String,
}

/// News to search.
#[service(name = "Meerkat", scope = "farcall", rename_all = "camelCase")]
pub trait Meerkat {
    /// The news that a recipe asks for, the latest first.
    #[op(idempotent)]
    async fn get_items(&self, recipe: Recipe) -> Result<Vec<Item>, Fault>;

    /// Numbers and names of all channels.
    #[op(idempotent)]
    async fn get_channels(&self) -> Result<Vec<Entry>, Fault>;

    /// Numbers and names of all categories.
    #[op(idempotent)]
    async fn get_categories(&self) -> Result<Vec<Entry>, Fault>;
}

/// A built-in set of news.
#[derive(Clone, Copy, Debug)]
pub struct News;

const CHANNELS: &[&str] = &["Remote Observer", "Protocol Weekly", "The Daily Wire Format"];
const CATEGORIES: &[&str] = &["Servers", "Languages", "Standards"];

struct Story {
    channel: usize,
    category: usize,
    date: &'static str,
    title: &'static str,
    text: &'static str,
}

const STORIES: &[Story] = &[
    Story {
        channel: 0,
        category: 0,
        date: "20261120T09:30:00",
        title: "A service from 1999 answers its first call from Rust",
        text: "Nobody told the server. It found a well-formed document, ran the procedure, and went back to sleep.",
    },
    Story {
        channel: 1,
        category: 2,
        date: "20261119T17:00:00",
        title: "Nil turns twenty-five, still not in the specification",
        text: "An extension that everybody reads and half of the world writes. Python asks for permission first.",
    },
    Story {
        channel: 2,
        category: 1,
        date: "20261118T08:15:00",
        title: "Calling Python from C++ from Java, and back",
        text: "Three languages, two byte orders, one interface definition: what the engineers found when they lined them up.",
    },
    Story {
        channel: 1,
        category: 2,
        date: "20261117T12:00:00",
        title: "Empty dictionaries considered present",
        text: "An element without children is not an absent element. A reader writes in with a schema that disagrees.",
    },
    Story {
        channel: 0,
        category: 0,
        date: "20261116T23:59:00",
        title: "Forty-four milliseconds: the price of two writes",
        text: "Header and body, apart, without TCP_NODELAY. The fix is one flag, or one buffer. Call it what you like.",
    },
    Story {
        channel: 2,
        category: 1,
        date: "20261115T06:45:00",
        title: "Types are a matter of opinion, says untyped value",
        text: "A value without a type element is a string. It has always been a string. It keeps its spaces.",
    },
];

/// The most items that one call gives.
const MOST: usize = 50;
const USUAL: i32 = 15;
/// A regular expression may compile to so many octets.
const PATTERN_SIZE: usize = 1 << 16;

impl Recipe {
    fn admits(&self, index: usize, story: &Story) -> bool {
        let is =
            |wanted: Option<i32>, number: usize| wanted.is_none_or(|w| usize::try_from(w) == Ok(number + 1));
        is(self.channel, story.channel) && is(self.category, story.category) && is(self.item, index)
    }

    /// Whether a story matches the search.
    fn matcher(&self) -> Result<impl Fn(&Story) -> bool, Fault> {
        let invalid = |text: String| Fault::new(FaultKind::InvalidParameters, text);
        let pattern = self.search.as_deref().unwrap_or("");
        let regex = RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build();
        let regex = regex.map_err(|e| invalid(format!("recipe.search: {e}")))?;
        let (title, text) = match self.search_what.as_deref().unwrap_or("both") {
            "title" => (true, false),
            "description" => (false, true),
            "both" | "" => (true, true),
            other => {
                return Err(invalid(format!(
                    "recipe.search_what: '{other}' is not title, description or both"
                )));
            }
        };
        Ok(move |story: &Story| {
            (title && regex.is_match(story.title)) || (text && regex.is_match(story.text))
        })
    }

    fn item(&self, index: usize, story: &Story) -> Item {
        let on = |flag: Option<i32>| flag.is_some_and(|f| f != 0);
        let length = usize::try_from(self.descriptions.unwrap_or(0)).unwrap_or(0);
        Item {
            title: story.title.to_owned(),
            link: format!("http://127.0.0.1:2809/news/{}", index + 1),
            description: (length > 0).then(|| story.text.chars().take(length).collect()),
            category: on(self.categories).then(|| CATEGORIES[story.category].to_owned()),
            channel: on(self.channels).then(|| CHANNELS[story.channel].to_owned()),
            date: if on(self.dates) { story.date.parse().ok() } else { None },
        }
    }
}

fn entries(names: &[&str]) -> Vec<Entry> {
    (1..).zip(names).map(|(id, name)| Entry { id, title: (*name).to_owned() }).collect()
}

impl Meerkat for News {
    async fn get_items(&self, recipe: Recipe) -> Result<Vec<Item>, Fault> {
        let matches = recipe.matcher()?;
        let most = usize::try_from(recipe.num_items.unwrap_or(USUAL)).unwrap_or(0).min(MOST);
        let found = STORIES.iter().enumerate();
        let found = found.filter(|(index, story)| recipe.admits(*index, story) && matches(story));
        Ok(found.take(most).map(|(index, story)| recipe.item(index, story)).collect())
    }

    async fn get_channels(&self) -> Result<Vec<Entry>, Fault> {
        Ok(entries(CHANNELS))
    }

    async fn get_categories(&self) -> Result<Vec<Entry>, Fault> {
        Ok(entries(CATEGORIES))
    }
}
