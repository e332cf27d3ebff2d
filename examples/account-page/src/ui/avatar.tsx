import { useState } from 'react';
import { pictureAddress } from './picture-address.ts';

/** A person's picture, or their initials when there is none or it cannot be loaded. Decoration: the name is beside it. */
export function Avatar({ url: chosen, name }: { url: string | null; name: string | null }) {
  const url = pictureAddress(chosen);
  const [broken, setBroken] = useState<string | null>(null);
  if (url === null || url === broken) {
    return (
      <span className="avatar" aria-hidden="true">
        {initialsOf(name)}
      </span>
    );
  }
  return (
    <img
      className="avatar"
      src={url}
      alt=""
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(url)}
    />
  );
}

function initialsOf(name: string | null): string {
  const words = (name ?? '').split(/\s+/).filter(Boolean);
  const outer = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    outer
      .map((word = '') => firstLetterOf(word))
      .join('')
      .toLocaleUpperCase() || '?'
  );
}

const LETTERS = new Intl.Segmenter();

/** A letter may be several code points: with an accent, or an emoji. */
function firstLetterOf(word: string): string {
  return LETTERS.segment(word).containing(0)?.segment ?? '';
}
