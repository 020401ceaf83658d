use std::fmt;
use std::pin::Pin;

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;

use crate::failure::Error;
use crate::json::to_text;
use crate::wire::EncodedBody;

/// The body of a [`Response`](crate::Response): nothing, text, bytes, or a stream of both.
#[derive(Default)]
pub struct Body(Source);

#[derive(Default)]
enum Source {
    #[default]
    Empty,
    Whole(Result<Chunk, Error>),
    Stream(ChunkStream),
}

pub(crate) type ChunkStream = Pin<Box<dyn Stream<Item = Result<Chunk, Error>> + Send>>;

impl Body {
    /// A body of text.
    pub fn text(text: impl Into<String>) -> Self {
        Body(Source::Whole(Ok(Chunk::Text(text.into()))))
    }

    /// A body of bytes, which travel as base64.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Body(Source::Whole(Ok(Chunk::Bytes(bytes.into()))))
    }

    /// A body of the JSON of a value. A value that has none fails its item, not the program.
    pub fn json(value: &impl Serialize) -> Self {
        Body(Source::Whole(to_text(value).map(Chunk::Text)))
    }

    /// A body that comes in pieces. It ends with the first error: what was sent of it by then ends in a reset, never in
    /// what looks like success. A stream that is not read to its end is dropped.
    pub fn stream<S, Piece, Failed>(pieces: S) -> Self
    where
        S: Stream<Item = Result<Piece, Failed>> + Send + 'static,
        Piece: Into<Chunk>,
        Failed: Into<Error>,
    {
        Body(Source::Stream(Box::pin(pieces.map(|piece| piece.map(Into::into).map_err(Into::into)))))
    }

    /// Reads all text in the body as base64. Whole text is checked at once, pieces as they come.
    pub(crate) fn decoded(self) -> Result<Self, Error> {
        Ok(Body(match self.0 {
            Source::Empty => Source::Empty,
            Source::Whole(whole) => Source::Whole(Ok(whole?.decoded()?)),
            Source::Stream(pieces) => Source::Stream(Box::pin(pieces.map(|piece| piece?.decoded()))),
        }))
    }

    /// Fails if the whole body is known to have no text.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        match self.0 {
            Source::Whole(Err(error)) => Err(error),
            source => Ok(Body(source)),
        }
    }

    pub(crate) fn into_stream(self) -> ChunkStream {
        match self.0 {
            Source::Empty => Box::pin(stream::empty()),
            Source::Whole(whole) => Box::pin(stream::iter([whole])),
            Source::Stream(pieces) => pieces,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.0 {
            Source::Empty => "empty",
            Source::Whole(Ok(Chunk::Text(_))) => "text",
            Source::Whole(Ok(Chunk::Bytes(_))) => "bytes",
            Source::Whole(Err(_)) => "without JSON",
            Source::Stream(_) => "stream",
        };
        write!(f, "Body({what})")
    }
}

impl<T: Into<Chunk>> From<T> for Body {
    fn from(whole: T) -> Self {
        Body(Source::Whole(Ok(whole.into())))
    }
}

/// A piece of a body: text or bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// Text, which travels as it is.
    Text(String),
    /// Bytes, which travel as base64.
    Bytes(Bytes),
}

/// Most bytes in one record: 768 KiB even if JSON escapes every one, far below a router's line limit.
pub(crate) const MAX_CHUNK: usize = 128 * 1024;

/// Takes text without its padding as well.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Chunk {
    pub(crate) fn len(&self) -> usize {
        match self {
            Chunk::Text(text) => text.len(),
            Chunk::Bytes(bytes) => bytes.len(),
        }
    }

    pub(crate) fn encode(self) -> EncodedBody {
        match self {
            Chunk::Text(body) => EncodedBody { body, is_base64_encoded: false },
            Chunk::Bytes(bytes) => EncodedBody { body: STANDARD.encode(bytes), is_base64_encoded: true },
        }
    }

    fn decoded(self) -> Result<Chunk, Error> {
        let Chunk::Text(text) = self else { return Ok(self) };
        match LENIENT.decode(&text) {
            Ok(bytes) => Ok(Chunk::Bytes(bytes.into())),
            Err(error) => Err(format!("is_base64_encoded is set, but the body is not base64: {error}").into()),
        }
    }

    /// The parts that fit a record each, none of them cut through a character.
    pub(crate) fn split(self) -> impl Iterator<Item = Chunk> {
        let mut rest = Some(self).filter(|chunk| chunk.len() > 0);
        std::iter::from_fn(move || {
            let (part, tail) = rest.take()?.split_at_most(MAX_CHUNK);
            rest = tail;
            Some(part)
        })
    }

    fn split_at_most(self, max: usize) -> (Chunk, Option<Chunk>) {
        if self.len() <= max {
            return (self, None);
        }
        match self {
            Chunk::Text(mut text) => {
                let tail = text.split_off(text.floor_char_boundary(max));
                (Chunk::Text(text), Some(Chunk::Text(tail)))
            }
            Chunk::Bytes(mut bytes) => {
                let tail = bytes.split_off(max);
                (Chunk::Bytes(bytes), Some(Chunk::Bytes(tail)))
            }
        }
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Chunk::Text(text) => text.as_bytes(),
            Chunk::Bytes(bytes) => bytes,
        }
    }
}

impl From<Chunk> for Bytes {
    fn from(chunk: Chunk) -> Bytes {
        match chunk {
            Chunk::Text(text) => text.into(),
            Chunk::Bytes(bytes) => bytes,
        }
    }
}

impl From<String> for Chunk {
    fn from(text: String) -> Self {
        Chunk::Text(text)
    }
}

impl From<&str> for Chunk {
    fn from(text: &str) -> Self {
        Chunk::Text(text.to_owned())
    }
}

impl From<Bytes> for Chunk {
    fn from(bytes: Bytes) -> Self {
        Chunk::Bytes(bytes)
    }
}

impl From<Vec<u8>> for Chunk {
    fn from(bytes: Vec<u8>) -> Self {
        Chunk::Bytes(bytes.into())
    }
}

/// Puts chunks together: to text if all of them are text.
pub(crate) fn collect(mut chunks: Vec<Chunk>) -> Chunk {
    if chunks.len() == 1 {
        return chunks.remove(0);
    }
    if chunks.iter().all(|chunk| matches!(chunk, Chunk::Text(_))) {
        let text = chunks.iter().filter_map(|chunk| match chunk {
            Chunk::Text(text) => Some(text.as_str()),
            Chunk::Bytes(_) => None,
        });
        return Chunk::Text(text.collect());
    }
    Chunk::Bytes(chunks.iter().flat_map(|chunk| chunk.as_bytes()).copied().collect())
}
