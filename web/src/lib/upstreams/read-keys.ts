import { parsePaste } from '../../../../core/presets/paste.ts'

export interface ReadKeys {
	/** Each once, in order. */
	keys: string[]
	/** Words that do not look like keys. */
	left: string[]
}

const between = /[\s,;|"'`、，；。]+/

/**
 * The keys in what was typed or pasted: one or many, between any separators, with names and text around them. Where
 * nothing looks like a key, every word is taken for one: a server of one's own may want anything.
 */
export function readKeys(text: string): ReadKeys {
	const { keys, leftovers } = parsePaste(text)
	if (keys.length > 0) return { keys, left: leftovers }
	const words = [...new Set(text.split(between).filter(word => /^[\x21-\x7e]{1,4096}$/.test(word)))]
	return { keys: words.filter(word => !/^https?:\/\//i.test(word)).slice(0, 1000), left: [] }
}
