import type { Database } from '../client.ts'

/** What completing a word needs to know: as little as that, since a person waits for each key press. */
export interface NamedUpstream {
	name: string
	type: string
	keys: { id: string; mask: string }[]
}

const NAMES = `SELECT name, type, (SELECT json_group_array(json_array(id, mask) ORDER BY position)
	FROM upstream_keys WHERE upstream_id = upstreams.id) AS keys FROM upstreams ORDER BY position, id`

export async function listNames(database: Database): Promise<NamedUpstream[]> {
	const rows = await database.execute(NAMES)
	return rows.map(({ name, type, keys }) => ({
		...{ name: String(name), type: String(type) },
		keys: (JSON.parse(String(keys)) as [string, string][]).map(([id, mask]) => ({ id, mask })),
	}))
}
