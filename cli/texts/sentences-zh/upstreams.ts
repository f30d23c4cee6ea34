/** Ours about upstreams: why a request did not get through. What they say themselves stays as it is. */
export const upstreamSentences = {
	'{0}: connection refused (ECONNREFUSED)': '{0}：连接被拒绝（ECONNREFUSED）',
	'{0}: connection reset (ECONNRESET)': '{0}：连接被重置（ECONNRESET）',
	'{0}: connection reset (EPIPE)': '{0}：连接被重置（EPIPE）',
	'{0}: host not found (ENOTFOUND)': '{0}：找不到主机（ENOTFOUND）',
	'{0}: host name could not be resolved (EAI_AGAIN)': '{0}：无法解析主机名（EAI_AGAIN）',
	'{0}: connection timed out (ETIMEDOUT)': '{0}：连接超时（ETIMEDOUT）',
	'{0}: host unreachable (EHOSTUNREACH)': '{0}：主机不可达（EHOSTUNREACH）',
	'{0}: network unreachable (ENETUNREACH)': '{0}：网络不可达（ENETUNREACH）',
	'{0}: its certificate has expired (CERT_HAS_EXPIRED)': '{0}：证书已过期（CERT_HAS_EXPIRED）',
	'{0}: its certificate is self-signed (insecureSkipVerify allows it) (DEPTH_ZERO_SELF_SIGNED_CERT)':
		'{0}：证书是自签名的（insecureSkipVerify 可以接受）（DEPTH_ZERO_SELF_SIGNED_CERT）',
	'{0}: its certificate chain is self-signed (insecureSkipVerify allows it) (SELF_SIGNED_CERT_IN_CHAIN)':
		'{0}：证书链是自签名的（insecureSkipVerify 可以接受）（SELF_SIGNED_CERT_IN_CHAIN）',
	'{0}: its certificate could not be verified (UNABLE_TO_VERIFY_LEAF_SIGNATURE)':
		'{0}：无法验证证书（UNABLE_TO_VERIFY_LEAF_SIGNATURE）',
	'{0}: its certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)':
		'{0}：证书属于另一台主机（ERR_TLS_CERT_ALTNAME_INVALID）',
	'{0}: connection closed': '{0}：连接已关闭',
	'the upstream was silent for {0} s': '渠道已 {0} 秒没有回应',
	'the upstream took too long': '渠道耗时过长',
	'the upstream did not complete its answer within {0} s': '渠道没有在 {0} 秒内完成回答',
	'the upstream has no key': '渠道没有密钥',
	'the upstream has no usable key: all are paused, or cannot be opened with the ENCRYPTION_KEY in use':
		'渠道没有可用的密钥：全部已暂停，或无法用当前的 ENCRYPTION_KEY 打开',
	'the upstream has no usable key': '渠道没有可用的密钥',
	'the upstream answered with more than can be held': '渠道的回答过大，无法容纳',
	'this version does not know the type "{0}"': '本版本不认识类型 “{0}”',
}
