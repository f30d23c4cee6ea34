import { createAccumulator } from './accumulator.ts'
import type { Message, StreamEvent } from './events.ts'

/** The message that the events of a stream amount to; undefined where it never began. */
export function gatherMessage(events: readonly Readonly<Record<string, unknown>>[]): Message | undefined {
	const gathered = createAccumulator()
	for (const event of events) gathered.event(event as unknown as StreamEvent)
	return gathered.message
}
