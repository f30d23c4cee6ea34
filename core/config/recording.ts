import { z } from 'zod'

/** Whose bodies are kept: nobody's, those of requests that failed, everybody's. */
export const recordingModes = ['off', 'errors', 'all'] as const

/** What is kept of the bodies that go by. */
export const recordingSchema = z.strictObject({
	mode: z.enum(recordingModes).meta({
		description: 'Which requests: `errors` are those that ended neither well nor by the client leaving.',
	}),
	maxKb: z
		.int()
		.min(1)
		.max(4096)
		.meta({ description: 'Most that is kept of each body: its beginning, and of an answer also its end.' }),
	days: z.int().min(1).max(365).meta({ description: 'How long they are kept.' }),
})

export type Recording = z.output<typeof recordingSchema>

export const defaultRecording: Recording = { mode: 'errors', maxKb: 256, days: 7 }
