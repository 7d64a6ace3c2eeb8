# tries: fetching addresses in disguise
# attack: 75
# limits: wall_ms 5_000
# ends: succeeded
# shows: nothing answered
reached = []
try:
    from urllib.request import urlopen
    for url in ('http://localhost:3000/', 'http://[::ffff:127.0.0.1]/', 'http://0x7f.1/', 'http://2130706433/', 'http://169.254.169.254/latest/meta-data/', 'http://127.1/', 'http://0/', 'file:///etc/passwd', 'ftp://localhost/', 'data:text/plain,x'):
        try:
            answer = urlopen(url, timeout=1)
            if not url.startswith('data:'):
                reached.append(url)
        except Exception:
            pass
except ImportError:
    pass
print('reached' if reached else 'nothing answered', *reached)
