import { describe, expect, test } from 'vitest'
import type { Clock } from '../ports.ts'
import { FairQueue, type Turn } from './fair-queue.ts'

function createClock() {
	let now = 0
	const timers = new Set<{ at: number; run: () => void }>()
	const clock: Clock = {
		now: () => now,
		elapsed: () => now,
		after(ms, run) {
			const timer = { at: now + ms, run }
			timers.add(timer)
			return () => void timers.delete(timer)
		},
	}
	const pass = (ms: number) => {
		now += ms
		for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.run()
	}
	return { clock, pass, timers }
}

const never = new AbortController().signal

function createQueue(options: { maxWaiting?: number } = {}) {
	const { clock, pass, timers } = createClock()
	const queue = new FairQueue({ clock, maxWaiting: 10, patienceMs: 1000, ...options })
	const order: string[] = []
	const enter = async (name: string, owner: string, signal = never): Promise<Turn> => {
		const turn = await queue.wait(owner, 1, signal)
		order.push(`${name} ${turn}`)
		return turn
	}
	return { queue, order, enter, pass, timers }
}

const settle = () => new Promise(resolve => setImmediate(resolve))

describe('FairQueue', () => {
	test('owners take turns, however many of one wait', async () => {
		const { queue, order, enter } = createQueue()
		for (const name of ['a1', 'a2', 'a3', 'a4']) void enter(name, 'a')
		void enter('b1', 'b')
		void enter('c1', 'c')
		for (let left = 0; left < 5; left++) {
			queue.leave()
			await settle()
		}
		expect(order.map(text => text.split(' ')[0])).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4'])
	})

	test('never more run than may, and no newcomer passes those who wait', async () => {
		const { queue, enter } = createQueue()
		void enter('a', 'a')
		void enter('b', 'b')
		expect([queue.running, queue.waiting]).toEqual([1, 1])
		expect(queue.tryEnter(5)).toBe(false)
		queue.leave()
		await settle()
		expect([queue.running, queue.waiting]).toEqual([1, 0])
		queue.leave()
		expect(queue.running).toBe(0)
	})

	test('a full queue refuses the newest of who has most in it', async () => {
		const { order, enter } = createQueue({ maxWaiting: 3 })
		for (const name of ['a1', 'a2', 'a3', 'a4']) void enter(name, 'a')
		void enter('a5', 'a')
		await settle()
		void enter('b1', 'b')
		await settle()
		expect(order).toEqual(['a1 entered', 'a5 full', 'a4 full'])
	})

	test('who waits too long, or leaves, is out of it and holds no place', async () => {
		const { queue, order, enter, pass, timers } = createQueue()
		const gone = new AbortController()
		void enter('a', 'a')
		void enter('b', 'b', gone.signal)
		void enter('c', 'c')
		gone.abort()
		pass(1000)
		await settle()
		expect(order).toEqual(['a entered', 'b cancelled', 'c too long'])
		expect([queue.running, queue.waiting, timers.size]).toEqual([1, 0, 0])
		queue.leave()
		expect(queue.tryEnter(1)).toBe(true)
	})
})
