//! mognad: a national benchmarking data service with anonymised comparisons.
//!
//! Organisations answer a survey once a year; the service publishes what can be said about groups of them, and never what
//! one of them answered. Two sides and one bridge, in the order in which data flow:
//!
//! - private: [`ingest`] reads a survey file, [`microdata`] keeps accepted rows, [`score`] computes each organisation's
//!   scores; all of it travels as [`disclosure::Unprotected`]; [`key`] knows which organisation holds a key to its own;
//! - the bridge: [`disclosure`] decides from memberships what may be published and makes [`disclosure::Safe`];
//!   [`publish`] is the only function that speaks to both sides;
//! - public: [`release`] stores and opens immutable editions, [`figure`] says what they mean, [`query`] runs SQL over them,
//!   [`encode`] writes formats, [`web`] renders pages and [`http`] serves, as does `postgres` where it is
//!   built in.
//!
//! Below both sides lie [`model`], [`definition`], [`register`], [`table`] and [`store`]; above them [`cli`].

pub mod cli;
pub mod definition;
pub mod disclosure;
pub mod encode;
pub mod figure;
pub mod http;
pub mod ingest;
pub mod key;
pub mod microdata;
pub mod model;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod publish;
pub mod query;
pub mod register;
pub mod release;
pub mod sample;
pub mod score;
pub mod store;
pub mod table;
pub mod web;
