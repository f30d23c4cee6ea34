import { expect, test } from 'vitest'
import { createKeyRing, generateEncryptionKey, joinRing } from '../index.ts'

const SECRET = 'sk-ant-api03-0123456789abcdef'

test('what was sealed for a row opens for that row only', () => {
	const ring = createKeyRing(generateEncryptionKey())
	const sealed = ring.seal(SECRET, 'key_1')
	expect(sealed).toMatch(new RegExp(`^v1\\.${ring.currentId}\\.[\\w-]{16}\\.[\\w-]+$`))
	expect(ring.open(sealed, 'key_1')).toBe(SECRET)
	expect(ring.open(sealed, 'key_2')).toBeUndefined()
	expect(ring.seal(SECRET, 'key_1')).not.toBe(sealed)
})

test('any changed character is noticed', () => {
	const ring = createKeyRing(generateEncryptionKey())
	const sealed = ring.seal(SECRET, 'key_1')
	const bodyStart = sealed.indexOf('.', 3) + 1
	// The last character of a base64 text may hold unused bits.
	for (let index = bodyStart; index < sealed.length - 1; index++) {
		const other = sealed[index] === 'A' ? 'B' : 'A'
		const changed = sealed.slice(0, index) + other + sealed.slice(index + 1)
		expect(ring.open(changed, 'key_1'), `character ${index}`).toBeUndefined()
	}
	for (const broken of ['', 'v1', 'v1...', sealed.replace('v1', 'v2'), sealed.slice(0, -8)]) {
		expect(ring.open(broken, 'key_1')).toBeUndefined()
	}
})

test('after a rotation old keys open, new ones are sealed with the new key, both are recognised', () => {
	const [older, newer] = [generateEncryptionKey(), generateEncryptionKey()]
	const before = createKeyRing(older)
	const after = createKeyRing(`${newer}, ${older}`)
	expect(after.open(before.seal(SECRET, 'key_1'), 'key_1')).toBe(SECRET)
	expect(after.currentId).toBe(createKeyRing(newer).currentId)
	expect(before.open(after.seal(SECRET, 'key_1'), 'key_1')).toBeUndefined()
	const stored = before.fingerprint(SECRET)
	expect(after.fingerprints(SECRET)).toEqual([createKeyRing(newer).fingerprint(SECRET), stored])
	expect(after.fingerprint(SECRET)).toBe(after.fingerprints(SECRET)[0])
	expect(createKeyRing(`${older},${newer}`).fingerprint(SECRET)).toBe(stored)
	expect([
		after.isCurrent(after.seal(SECRET, 'key_1')),
		after.isCurrent(before.seal(SECRET, 'key_1')),
	]).toEqual([true, false])
})

test('a ring takes in a new key behind or in front of its own, whatever form those had', () => {
	for (const present of [generateEncryptionKey(), 'a long random text without colon']) {
		const sealed = createKeyRing(present).seal(SECRET, 'key_1')
		const added = generateEncryptionKey()
		const behind = createKeyRing(joinRing(present, added))
		const infront = createKeyRing(joinRing(added, present))
		expect([behind.open(sealed, 'key_1'), infront.open(sealed, 'key_1')]).toEqual([SECRET, SECRET])
		expect(behind.currentId).toBe(createKeyRing(present).currentId)
		expect(infront.currentId).toBe(createKeyRing(added).currentId)
	}
})

test('a fingerprint says nothing without the ring and differs by secret', () => {
	const ring = createKeyRing(generateEncryptionKey())
	expect(ring.fingerprint(SECRET)).toMatch(/^[\w-]{16}$/)
	expect(ring.fingerprint(SECRET)).toBe(ring.fingerprint(SECRET))
	expect(ring.fingerprint(`${SECRET}x`)).not.toBe(ring.fingerprint(SECRET))
	expect(createKeyRing(generateEncryptionKey()).fingerprint(SECRET)).not.toBe(ring.fingerprint(SECRET))
})

test('a bare text of one word works as a key', () => {
	const passphrase = 'a long random text without colon'
	const sealed = createKeyRing(passphrase).seal(SECRET, 'key_1')
	expect(createKeyRing(` ${passphrase}\n`).open(sealed, 'key_1')).toBe(SECRET)
	expect(createKeyRing(`${passphrase}!`).open(sealed, 'key_1')).toBeUndefined()
	expect(sealed).toMatch(/^v1\.p[0-9a-f]{8}\./)
})

const good = generateEncryptionKey()
test.each([
	['', 'it is empty'],
	['short', 'at least 16 characters'],
	['k1:not base64!', 'entry 1 is not of the form'],
	[`${good},k2:AAAA`, 'entry 2 holds 3 bytes instead of 32'],
	[`${good},${good}`, 'same id'],
	[`${good},`, 'entry 2 is not of the form'],
])('ENCRYPTION_KEY %j is refused: %s', (text, reason) => {
	expect(() => createKeyRing(text)).toThrow(reason)
	expect(() => createKeyRing(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
	expect(() => createKeyRing(text)).not.toThrow(good)
})
