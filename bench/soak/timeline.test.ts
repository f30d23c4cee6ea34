import { expect, test } from 'vitest'
import { Timeline } from './timeline.ts'

test('a change may be seen once it is sent, and what it replaced until it is acknowledged', () => {
	const timeline = new Timeline('blue')
	const change = timeline.send('green', 1000)
	expect(timeline.staleness('green', 900, 999)).toBe(Number.POSITIVE_INFINITY)
	expect(timeline.staleness('green', 900, 1001)).toBe(0)
	expect(timeline.staleness('blue', 5000, 5001)).toBe(0)
	change.accept(1200)
	expect(timeline.staleness('blue', 1100, 3000)).toBe(0)
	expect(timeline.staleness('blue', 2300, 3000)).toBe(1100)
	expect(timeline.staleness('red', 0, 9000)).toBe(Number.POSITIVE_INFINITY)
})

test('a change that was refused never held, and one whose outcome nobody knows may hold or not', () => {
	const timeline = new Timeline('blue')
	timeline.send('red', 1000).refuse()
	expect(timeline.staleness('red', 2000, 3000)).toBe(Number.POSITIVE_INFINITY)
	timeline.send('green', 1000)
	expect(timeline.staleness('green', 9000, 9001)).toBe(0)
	expect(timeline.staleness('blue', 9000, 9001)).toBe(0)
	timeline.send('black', 9500).accept(9600)
	expect(timeline.staleness('green', 9700, 9800)).toBe(100)
	expect(timeline.staleness('blue', 9700, 9800)).toBe(100)
})

test('what held before a value came back does not make it stale', () => {
	const timeline = new Timeline('blue')
	timeline.send('green', 1000).accept(1001)
	timeline.send('blue', 2000).accept(2001)
	expect(timeline.staleness('blue', 9000, 9001)).toBe(0)
	expect(timeline.staleness('green', 2501, 2600)).toBe(500)
	for (let at = 200_000; at < 600_000; at += 50_000) timeline.send(String(at), at).accept(at)
	expect(timeline.staleness('550000', 551_000, 551_001)).toBe(0)
	expect(timeline.staleness('500000', 551_000, 551_001)).toBe(1000)
})
