import { createContext } from 'svelte'
import { type AdminFetch, backendUrl } from '../api/client.ts'
import type { RecordingSettings } from './types.ts'

/** The settings that say what is recorded; read once for the pages that show it. */
export class Recording {
	settings: RecordingSettings | undefined = $state.raw()

	async load(adminFetch: AdminFetch): Promise<void> {
		try {
			const response = await adminFetch(`${backendUrl}/api/settings`)
			this.settings = ((await response.json()) as { settings: RecordingSettings }).settings
		} catch {
			// The page says that it does not know; what failed is told by what it was opened for.
			this.settings = {}
		}
	}
}

export const [useRecording, provideRecording] = createContext<Recording>()
