//! Bytes as they come out of a pipe, as text: a character may come in two parts,
//! and a program may print what is no text at all.

use std::mem;

/// Holds back the first bytes of a character until the others are there.
#[derive(Debug, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// The text so far, unless it is none. What no character begins with becomes
    /// U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> Option<String> {
        self.0.extend_from_slice(bytes);
        let held = self.held();
        let rest = self.0.split_off(self.0.len() - held);
        let whole = mem::replace(&mut self.0, rest);
        some_text(&whole)
    }

    /// What was held back, when nothing more comes.
    pub fn end(&mut self) -> Option<String> {
        some_text(&mem::take(&mut self.0))
    }

    /// How many bytes at the end may still become a character.
    fn held(&self) -> usize {
        let last = self.0.utf8_chunks().last();
        let odd = last.map_or(&[][..], |chunk| chunk.invalid());
        // Of a wrong sequence the end would be there, or another start.
        let expected = match odd.first() {
            Some(0xC2..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..=0xF4) => 4,
            _ => 0,
        };
        if odd.len() < expected { odd.len() } else { 0 }
    }
}

fn some_text(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However a text is cut, it arrives whole, and what is none of it at once.
    #[test]
    fn cut_characters_arrive_whole() {
        let whole = "aé€𝄞z".as_bytes();
        for cut in 0..=whole.len() {
            let mut text = Text::default();
            let parts = [
                text.push(&whole[..cut]),
                text.push(&whole[cut..]),
                text.end(),
            ];
            let joined: String = parts.into_iter().flatten().collect();
            assert_eq!(joined, "aé€𝄞z", "cut at {cut}");
        }
        let mut text = Text::default();
        assert_eq!(text.push(b"a\xFFb").unwrap(), "a\u{FFFD}b");
        assert_eq!(text.push(b"\xE2\x82"), None);
        assert_eq!(text.push(b"x").unwrap(), "\u{FFFD}x");
        assert_eq!(text.push(b"\xF0"), None);
        assert_eq!(text.end().unwrap(), "\u{FFFD}");
    }
}
