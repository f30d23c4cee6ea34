/** Refusals of images and documents; the caller checks that the request has some. */
const imagePatterns = new RegExp(
	[
		'(?:image|vision|multi-?modal)(?:_url)?s?\\s*(?:input|content|modality|data)?s?\\s*(?:modality )?(?:is|are) (?:not|only)\\b',
		'(?:not|n.t) (?:support|accept|process|read|have|handle) (?:the )?(?:use of )?(?:image|vision|multi-?modal)',
		'support(?:s)? image input',
		'unknown variant .?(?:image_url|image)\\b',
		'is not a (?:multimodal|vision) model',
		'at most 0 image',
		'image input modality is not enabled',
		"取值范围 \\['text'\\]",
		'不支持(?:图片|图像|多模态)',
	].join('|'),
	'i',
)
const documentPatterns = new RegExp(
	[
		'(?:file|pdf|document)s?\\s*(?:input|content|type|block)?s?\\s*(?:is|are) not\\b',
		'(?:not|n.t) (?:support|accept|process|read|handle) (?:the )?(?:file|pdf|document)',
		'support(?:s)? (?:file|pdf) input',
		'unknown variant .?(?:file|document)\\b',
		"Invalid value: 'file'",
		"Input tag 'document'",
		'unsupported (?:mime type|content type|file type):? ?.?(?:application/pdf|file|document)',
	].join('|'),
	'i',
)
/** A list of parts where only a text is taken. */
const textOnly = /content(?:\]|'|`|")?\s*(?:must|should) be (?:a |of type )?(?:valid )?string/i

/** What an upstream says it cannot read, of what the request has. */
export function readRefusedMedia(
	text: string,
	sent: { image: boolean; document: boolean },
): 'image' | 'document' | undefined {
	if (sent.document && documentPatterns.test(text)) return 'document'
	if (sent.image && (imagePatterns.test(text) || textOnly.test(text))) return 'image'
	return sent.document && textOnly.test(text) ? 'document' : undefined
}

/** A role that an upstream refuses: `developer` at servers older than it, `system` at models without one. */
export function readRefusedRole(text: string, role: 'system' | 'developer'): boolean {
	const patterns = [
		`unknown variant .?${role}\\b`,
		`does not support .?${role}.? (?:with this model|role|message)`,
		`Invalid value: .${role}.`,
		`role .?${role}.? is not supported`,
		`${role} (?:role|messages?|instruction)s? (?:is |are )?not (?:supported|allowed|enabled)`,
		`invalid (?:message )?role:? .?${role}`,
		`Unexpected role .?${role}`,
	]
	return new RegExp(patterns.join('|'), 'i').test(text)
}

/** DeepSeek, Moonshot and others want their reasoning back; others refuse the field. */
export function wantsReasoning(text: string): boolean {
	return /reasoning_content/.test(text) && /missing|must be (?:passed|provided|included)|required/i.test(text)
}

export const mediaPlaceholder = (media: 'image' | 'document') =>
	`[The ${media} that belongs here could not be shown: this model reads no ${media}s.]`
