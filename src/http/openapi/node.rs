//! JSON whose objects keep the order in which they are written, since people read descriptions too; what stands in it is decided elsewhere.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Members of an object, in their order.
pub(super) type Members = Vec<(String, Node)>;

/// A value of JSON.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A value in which order does not matter.
    Value(Value),
    /// A list.
    List(Vec<Self>),
    /// An object in the order of its members.
    Object(Members),
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<Members> for Node {
    fn from(members: Members) -> Self {
        Self::Object(members)
    }
}

impl From<Vec<Self>> for Node {
    fn from(list: Vec<Self>) -> Self {
        Self::List(list)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Value(Value::from(text))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Value(Value::from(text))
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Self {
        Self::Value(Value::from(flag))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, node)| (name, node))),
        }
    }
}

/// A member of an object.
pub(super) fn member(name: impl Into<String>, node: impl Into<Node>) -> (String, Node) {
    (name.into(), node.into())
}

/// A reference to a component of the document.
pub(super) fn reference(kind: &str, name: &str) -> Node {
    vec![member("$ref", format!("#/components/{kind}/{name}"))].into()
}
