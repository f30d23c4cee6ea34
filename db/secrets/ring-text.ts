import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { DatabaseError } from '../errors.ts'

/** One master key of the ring. */
export interface MasterKey {
	id: string
	bytes: Buffer
}

const MIN_PASSPHRASE = 16

/** A new ENCRYPTION_KEY: `k<8 hex>:<32 random bytes, base64>`. */
export function generateEncryptionKey(): string {
	return `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`
}

/**
 * Reads `id:base64,id2:base64`, the first being current, or one bare passphrase.
 * Errors name the entry, never its content.
 */
export function parseEncryptionKey(text: string): MasterKey[] {
	const trimmed = text.trim()
	if (trimmed === '') throw malformed('it is empty')
	if (!trimmed.includes(':')) return [passphraseKey(trimmed)]
	const keys = trimmed.split(',').map((entry, index) => parseEntry(entry.trim(), index + 1))
	const ids = new Set(keys.map(key => key.id))
	if (ids.size < keys.length) throw malformed('two entries have the same id')
	return keys
}

/** Two texts of ENCRYPTION_KEY as one ring, the first one's current key current. A passphrase becomes an entry. */
export function joinRing(first: string, second: string): string {
	const keys = [...parseEncryptionKey(first), ...parseEncryptionKey(second)]
	const entries = new Map(keys.map(({ id, bytes }) => [id, `${id}:${bytes.toString('base64')}`]))
	return [...entries.values()].join(',')
}

/** Ids of the ring's keys, the current one first. */
export function listRingIds(text: string): string[] {
	return parseEncryptionKey(text).map(({ id }) => id)
}

function parseEntry(entry: string, number: number): MasterKey {
	const match = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry)
	if (match === null) throw malformed(`entry ${number} is not of the form id:base64`)
	const bytes = Buffer.from(match[2]!, 'base64')
	if (bytes.length !== 32) throw malformed(`entry ${number} holds ${bytes.length} bytes instead of 32`)
	return { id: match[1]!, bytes }
}

function passphraseKey(passphrase: string): MasterKey {
	if (passphrase.length < MIN_PASSPHRASE) {
		throw malformed(`a passphrase needs at least ${MIN_PASSPHRASE} characters`)
	}
	// No place to keep a salt: the ring must open on every instance from this text alone.
	const bytes = scryptSync(passphrase, 'claude-proxy/upstream-keys', 32)
	const id = createHash('sha256').update('id\n').update(bytes).digest('hex').slice(0, 8)
	return { id: `p${id}`, bytes }
}

function malformed(reason: string): DatabaseError {
	return new DatabaseError(
		'invalid',
		`ENCRYPTION_KEY cannot be used: ${reason}. Write id:base64 with 32 random bytes (several separated by commas, current first), or one random text without a colon.`,
	)
}
