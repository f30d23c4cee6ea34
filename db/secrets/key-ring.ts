import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { type MasterKey, parseEncryptionKey } from './ring-text.ts'

/** Seals upstream keys for storage. Only this module ever sees ENCRYPTION_KEY. */
export interface KeyRing {
	/** Id of the key that seals. */
	readonly currentId: string
	/** `rowId` is bound in: a sealed key moved to another row does not open. */
	seal(secret: string, rowId: string): string
	/** Undefined when the key is not in the ring, or the text was tampered with or moved. */
	open(sealed: string, rowId: string): string | undefined
	/** The same for bytes, such as compressed ones. */
	sealBytes(bytes: Uint8Array, rowId: string): string
	openBytes(sealed: string, rowId: string): Buffer | undefined
	/** Whether the key that seals now is the one that sealed this. */
	isCurrent(sealed: string): boolean
	/** Same secret, same fingerprint; tells nothing about the secret without the ring. By the key that seals. */
	fingerprint(secret: string): string
	/** By every key of the ring, the current one first: what was stored before or during a rotation is recognised. */
	fingerprints(secret: string): readonly string[]
}

const FORMAT = 'v1'
const TAG_BYTES = 16

/** A ring from ENCRYPTION_KEY's text; a malformed one throws a DatabaseError `invalid`. */
export function createKeyRing(encryptionKey: string): KeyRing {
	const masters = parseEncryptionKey(encryptionKey)
	const sealing = new Map(masters.map(master => [master.id, deriveKey(master, 'seal')]))
	const currentId = masters[0]!.id
	const fingerprintKeys = masters.map(master => deriveKey(master, 'fingerprint'))
	const fingerprints = (secret: string) => fingerprintKeys.map(key => computeFingerprint(key, secret))

	function sealBytes(bytes: Uint8Array, rowId: string): string {
		const iv = randomBytes(12)
		const cipher = createCipheriv('aes-256-gcm', sealing.get(currentId)!, iv)
		cipher.setAAD(Buffer.from(rowId))
		const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
		return [FORMAT, currentId, iv.toString('base64url'), sealed.toString('base64url')].join('.')
	}

	function openBytes(sealed: string, rowId: string): Buffer | undefined {
		const [format, id, iv, body] = sealed.split('.')
		const key = sealing.get(id ?? '')
		if (format !== FORMAT || key === undefined || iv === undefined || body === undefined) return undefined
		return decrypt(key, Buffer.from(iv, 'base64url'), Buffer.from(body, 'base64url'), rowId)
	}

	return {
		...{ currentId, sealBytes, openBytes },
		seal: (secret, rowId) => sealBytes(Buffer.from(secret), rowId),
		open: (sealed, rowId) => openBytes(sealed, rowId)?.toString('utf8'),
		isCurrent: sealed => sealed.startsWith(`${FORMAT}.${currentId}.`),
		fingerprint: secret => computeFingerprint(fingerprintKeys[0]!, secret),
		fingerprints,
	}
}

function computeFingerprint(key: Buffer, secret: string): string {
	return createHmac('sha256', key).update(secret).digest('base64url').slice(0, 16)
}

function deriveKey(master: MasterKey, purpose: string): Buffer {
	return Buffer.from(hkdfSync('sha256', master.bytes, 'claude-proxy', `upstream-keys/${purpose}`, 32))
}

function decrypt(key: Buffer, iv: Buffer, body: Buffer, rowId: string): Buffer | undefined {
	if (iv.length !== 12 || body.length < TAG_BYTES) return undefined
	const decipher = createDecipheriv('aes-256-gcm', key, iv)
	decipher.setAAD(Buffer.from(rowId))
	decipher.setAuthTag(body.subarray(-TAG_BYTES))
	try {
		return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()])
	} catch {
		return undefined
	}
}
