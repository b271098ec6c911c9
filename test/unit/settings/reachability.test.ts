/** Which addresses lemlist cannot call, by their literal host. */
import { isLocalUrl } from '../../../nodes/LemlistTrigger/settings/reachability';

test.each([
	'http://localhost:5678/', 'http://LOCALHOST/', 'http://localhost./', 'http://a.localhost/', 'http://127.0.0.1:5678/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://0.0.0.0/',
	'http://10.1.2.3/', 'http://172.16.0.1/', 'http://172.19.0.1/', 'http://172.20.0.1/', 'http://172.29.0.1/', 'http://172.31.255.255/', 'http://192.168.1.2/', 'http://169.254.1.1/',
	'http://100.64.0.1/', 'http://100.69.0.1/', 'http://100.70.0.1/', 'http://100.99.0.1/', 'http://100.100.0.1/', 'http://100.119.0.1/', 'http://100.120.0.1/', 'http://100.127.255.255/',
	'http://[::1]:5678/', 'http://[::]/', 'http://[fd00::1]/', 'http://[fc00::1]/', 'http://[fdab:1::1]/', 'http://[fe80::1]/', 'http://[fe9f::1]/', 'http://[fea0::1]/', 'http://[febf::1]/', 'http://[FE80::1]/',
	'http://[::ffff:127.0.0.1]/', 'http://[::ffff:192.168.0.1]/', 'http://[::ffff:10.0.0.1]/',
	'http://n8n/', 'http://n8n:5678/', 'http://n8n.local/', 'http://n8n.lan/', 'http://n8n.internal/', 'http://nas.home.arpa/',
])('%s is local', (url) => {
	expect(isLocalUrl(url)).toBe(true);
});

test.each([
	'https://n8n.example.org/webhook/', 'https://example.com:8443/', 'http://8.8.8.8/', 'http://172.15.0.1/', 'http://172.32.0.1/', 'http://100.63.0.1/', 'http://100.128.0.1/', 'http://192.169.0.1/', 'http://11.0.0.1/',
	'http://[2001:db8::1]/', 'http://[fc::1]/', 'http://[fd::1]/', 'http://[::ffff:8.8.8.8]/', 'https://localhost.example.com/', 'https://10.example.com/', 'https://my.local.example.com/', 'https://192.168.1.1.example.com/', 'https://abc.ngrok.app/', 'https://api.lemlist.com/api',
])('%s is not local', (url) => {
	expect(isLocalUrl(url)).toBe(false);
});
