import { createContext } from 'svelte'
import { type Api, read } from '../api/client.ts'
import type { RecordingSettings } from './types.ts'

/** The settings that say what is recorded; read once for the pages that show it. */
export class Recording {
	/** null: they could not be read. */
	settings: RecordingSettings | null | undefined = $state.raw()

	async load(api: Api): Promise<void> {
		try {
			this.settings = (await read(api.settings.$get())).settings
		} catch {
			// The page says that it does not know; what failed is told by what it was opened for.
			this.settings = null
		}
	}
}

export const [useRecording, provideRecording] = createContext<Recording>()
