import { createMessage, type Draft, emptyDraft, textPart } from './draft.ts'
import { imagePart } from './request-body.ts'

export const presetNames = ['hello', 'tool', 'image', 'long', 'thinking'] as const
export type PresetName = (typeof presetNames)[number]

/** A way to ask for what a preset is about, in the page's language. */
export interface PresetTexts {
	hello: string
	tool: string
	image: string
	long: string
	thinking: string
}

/** A request to begin with. The model stays the one that was chosen. */
export function createPreset(name: PresetName, texts: PresetTexts, model: string, image: string): Draft {
	const draft = { ...emptyDraft(), ...(model.trim() !== '' && { model }) }
	const ask = textPart(texts[name])
	switch (name) {
		case 'hello':
			return { ...draft, messages: [createMessage('user', ask)], maxTokens: '256' }
		case 'tool':
			return { ...draft, messages: [createMessage('user', ask)], tools: JSON.stringify([weather], null, 2) }
		case 'image':
			return { ...draft, messages: [createMessage('user', imagePart('image/png', image), ask)] }
		case 'long':
			return { ...draft, messages: [createMessage('user', ask)], maxTokens: '8192' }
		case 'thinking':
			return {
				...draft,
				...{ messages: [createMessage('user', ask)], maxTokens: '8192', thinking: 'enabled', budget: '4096' },
			}
	}
}

const weather = {
	name: 'get_weather',
	description: 'The weather in a city, now.',
	input_schema: {
		type: 'object',
		properties: {
			city: { type: 'string' },
			unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
		},
		required: ['city'],
	},
}

/** A small picture whose content is known: PNG, base64. */
export function drawSample(): string {
	const canvas = document.createElement('canvas')
	canvas.width = 160
	canvas.height = 96
	const paint = canvas.getContext('2d')
	if (paint === null) return ''
	paint.fillStyle = '#f4f1ea'
	paint.fillRect(0, 0, 160, 96)
	paint.fillStyle = '#2f5fb3'
	paint.beginPath()
	paint.arc(50, 48, 28, 0, Math.PI * 2)
	paint.fill()
	paint.fillStyle = '#d9822b'
	paint.fillRect(92, 22, 48, 52)
	return canvas.toDataURL('image/png').split(',')[1] ?? ''
}
