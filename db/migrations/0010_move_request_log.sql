INSERT INTO request_log (id, at, upstream_id, key_id, model, upstream_model, outcome, status, stream, total_ms, attempts, notes, details)
SELECT id, at, upstream_id, key_id, model, upstream_model, outcome, status, stream, total_ms, attempt_count, json_array_length(notes),
	json_object('u', upstream_name, 'k', key_mask, 'e', error_message, 'r', stop_reason, 'f', first_content_ms,
		't', CASE WHEN input_tokens IS NULL THEN NULL ELSE json_array(input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, web_searches) END,
		'a', (SELECT json_group_array(json_object('up', value ->> 'upstreamId', 'k', value ->> 'keyId', 'km', value ->> 'keyMask', 's', value ->> 'status',
			'o', value ->> 'outcome', 'd', value ->> 'decision', 'e', value ->> 'message', 'm', value ->> 'ms')) FROM json_each(requests.attempts)),
		'n', json(notes), 'ua', user_agent, 's', session_id)
FROM requests ORDER BY at;
--> statement-breakpoint
INSERT INTO `usage` SELECT grain, at - at % (grain * 60000), coalesce(upstream_id, ''), coalesce(key_id, ''), model, upstream_model, '',
	max(coalesce(upstream_name, '')), max(coalesce(key_mask, '')), count(*), sum(outcome NOT IN ('ok', 'cancelled')), sum(outcome = 'cancelled'),
	coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0), coalesce(sum(reasoning_tokens), 0), '', '', ''
FROM requests, (SELECT 60 AS grain UNION ALL SELECT 1440) GROUP BY 1, 2, 3, 4, 5, 6;
--> statement-breakpoint
DELETE FROM requests;
--> statement-breakpoint
DELETE FROM usage_hourly;
