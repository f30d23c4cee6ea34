import type { SettingName } from '../../core/config/settings.ts'
import type { UpstreamConfig } from '../../core/config/upstream.ts'
import { NOW, type Statement } from '../sql.ts'
import { toColumns } from './upstream-columns.ts'

/** The statements that changes of the configuration are made of. Each runs inside commitRevision's batch. */

export function insertUpstream(id: string, fields: UpstreamConfig): Statement {
	const columns = toColumns(fields)
	const names = columns.map(([name]) => name)
	return {
		sql: `INSERT INTO upstreams (id, ${names.join(', ')}, position, created_at)
			VALUES (?, ${names.map(() => '?').join(', ')}, (SELECT coalesce(max(position) + 1, 0) FROM upstreams), ${NOW})`,
		args: [id, ...columns.map(([, value]) => value)],
	}
}

export function changeUpstream(id: string, fields: Partial<UpstreamConfig>): Statement {
	const columns = toColumns(fields)
	return {
		sql: `UPDATE upstreams SET ${columns.map(([name]) => `${name} = ?`).join(', ')} WHERE id = ?`,
		args: [...columns.map(([, value]) => value), id],
	}
}

export function deleteUpstream(id: string): Statement {
	return { sql: 'DELETE FROM upstreams WHERE id = ?', args: [id] }
}

export function orderUpstreams(ids: readonly string[]): Statement {
	return {
		sql: `UPDATE upstreams SET position = (SELECT j.key FROM json_each(?1) j WHERE j.value = upstreams.id)
			WHERE id IN (SELECT value FROM json_each(?1))`,
		args: [JSON.stringify(ids)],
	}
}

/** `value` is stored as JSON; undefined removes the setting. */
export function putSetting(key: 'current_upstream' | SettingName, value: unknown): Statement {
	if (value === undefined) return { sql: 'DELETE FROM settings WHERE key = ?', args: [key] }
	return {
		sql: 'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
		args: [key, JSON.stringify(value)],
	}
}

export interface SealedKey {
	id: string
	secret: string
	fingerprint: string
	mask: string
}

export function insertKey(upstreamId: string, key: SealedKey): Statement {
	return {
		sql: `INSERT INTO upstream_keys (id, upstream_id, secret, fingerprint, mask, position, created_at)
			VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(position) + 1, 0) FROM upstream_keys WHERE upstream_id = ?2), ${NOW})`,
		args: [key.id, upstreamId, key.secret, key.fingerprint, key.mask],
	}
}

/** Of a key that is stored: another sealed text of it. */
export function resealKey(key: SealedKey): Statement {
	return {
		sql: 'UPDATE upstream_keys SET secret = ?, fingerprint = ?, mask = ? WHERE id = ?',
		args: [key.secret, key.fingerprint, key.mask, key.id],
	}
}

export function deleteKey(id: string): Statement {
	return { sql: 'DELETE FROM upstream_keys WHERE id = ?', args: [id] }
}

export function enableKey(id: string, enabled: boolean): Statement {
	return { sql: 'UPDATE upstream_keys SET enabled = ? WHERE id = ?', args: [enabled ? 1 : 0, id] }
}

export function orderKeys(upstreamId: string, ids: readonly string[]): Statement {
	return {
		sql: `UPDATE upstream_keys SET position = (SELECT j.key FROM json_each(?2) j WHERE j.value = upstream_keys.id)
			WHERE upstream_id = ?1 AND id IN (SELECT value FROM json_each(?2))`,
		args: [upstreamId, JSON.stringify(ids)],
	}
}
