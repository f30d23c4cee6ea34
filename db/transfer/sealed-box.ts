import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import type { SealedBox } from '../../core/config/transfer/own-format.ts'
import { DatabaseError } from '../errors.ts'

/**
 * About a third of a second and 32 MB: OWASP's equal of N=2^17, p=1 that fits small servers
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt).
 */
const COST = { N: 2 ** 15, r: 8, p: 3 }
const MIN_PASSPHRASE = 8
const MAX_PASSPHRASE = 1024
const TAG_BYTES = 16

type Parameters = Pick<SealedBox, 'cipher' | 'kdf' | 'N' | 'r' | 'p' | 'salt'>

/** @throws DatabaseError invalid, for a passphrase that protects nothing */
export async function sealText(text: string, passphrase: string): Promise<SealedBox> {
	const { length } = passphrase
	if (length < MIN_PASSPHRASE || length > MAX_PASSPHRASE) {
		const bounds = `${MIN_PASSPHRASE} to ${MAX_PASSPHRASE}`
		throw new DatabaseError('invalid', `passphrase: must have ${bounds} characters`)
	}
	const salt = randomBytes(16).toString('base64url')
	const parameters: Parameters = { cipher: 'aes-256-gcm', kdf: 'scrypt', ...COST, salt }
	const iv = randomBytes(12)
	const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, parameters), iv)
	cipher.setAAD(authenticated(parameters))
	const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
	return { ...parameters, iv: iv.toString('base64url'), data: data.toString('base64url') }
}

/** Undefined when the passphrase is another, or a character was changed. */
export async function openText(box: SealedBox, passphrase: string): Promise<string | undefined> {
	const data = Buffer.from(box.data, 'base64url')
	const iv = Buffer.from(box.iv, 'base64url')
	if (iv.length !== 12 || data.length < TAG_BYTES || passphrase.length > MAX_PASSPHRASE) return undefined
	const decipher = createDecipheriv('aes-256-gcm', await deriveKey(passphrase, box), iv)
	decipher.setAAD(authenticated(box))
	decipher.setAuthTag(data.subarray(-TAG_BYTES))
	try {
		const opened = [decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]
		return Buffer.concat(opened).toString('utf8')
	} catch {
		return undefined
	}
}

/** On another thread: a server goes on answering meanwhile. The same text typed in another Unicode form is the same. */
function deriveKey(passphrase: string, { salt, N, r, p }: Parameters): Promise<Buffer> {
	const options = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1_000_000 }
	return new Promise((resolve, reject) => {
		const bytes = Buffer.from(salt, 'base64url')
		scrypt(passphrase.normalize('NFKC'), bytes, 32, options, (error, key) => {
			if (error === null) resolve(key)
			else reject(error)
		})
	})
}

function authenticated({ cipher, kdf, N, r, p, salt }: Parameters): Buffer {
	return Buffer.from(['claude-proxy/export/1', cipher, kdf, N, r, p, salt].join('\n'))
}
