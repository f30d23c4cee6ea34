import { z } from 'zod'
import { priceOverrideSchema } from './prices.ts'
import { defaultRecording, recordingSchema } from './recording.ts'
import { defaultRetention, retentionSchema } from './retention.ts'
import { strategies, strategySchema } from './upstream.ts'

/** The fields alone, without defaults. */
const settingsFields = {
	strategy: strategySchema.meta({ description: 'How the keys of the current upstream take turns.' }),
	recording: recordingSchema.meta({ description: 'Which bodies of requests and answers are kept.' }),
	retention: retentionSchema.meta({ description: 'How long the request log and usage are kept.' }),
	prices: z.array(priceOverrideSchema).max(200).meta({
		description:
			'Prices of your own; the first that fits a model counts, before the list of vendors’ prices.',
	}),
}

/**
 * What people set for all upstreams, besides the current one. This schema is the only description: the settings table,
 * admin API, CLI and history follow it. A field needs a default, since a database that was made before it lacks it;
 * the table's key is the field's name.
 */
export const settingsSchema = z.strictObject({
	strategy: settingsFields.strategy.default(strategies[0]),
	recording: settingsFields.recording.default(defaultRecording),
	retention: settingsFields.retention.default(defaultRetention),
	prices: settingsFields.prices.default([]),
})

/** What is not given stays as it is. */
export const settingsPatchSchema = z.strictObject(settingsFields).partial()

export type Settings = z.output<typeof settingsSchema>
export type SettingsPatch = z.input<typeof settingsPatchSchema>
export type SettingName = keyof Settings

export const settingNames = Object.keys(settingsSchema.shape) as SettingName[]

/** Settings as stored, by name. A value that is missing, or that another version wrote, is the default. */
export function readSettings(stored: Readonly<Record<string, unknown>>): Settings {
	const known = settingNames.filter(name => settingsSchema.shape[name].safeParse(stored[name]).success)
	return settingsSchema.parse(Object.fromEntries(known.map(name => [name, stored[name]])))
}
