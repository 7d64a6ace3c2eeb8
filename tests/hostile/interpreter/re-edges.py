# tries: patterns and positions that the engine does not expect
# attack: interpreter-crashes
# limits: wall_ms 5_000
# ends: succeeded or WallLimit
import re
for pattern in (r'(?<!\.)x\b', r'(?<=a)b', r'(?<!^)$', r'(?i)\u0130', r'[\ud800-\udfff]', r'(?P<n>a)(?P=n)*?', r'(a)?(?(1)b|c)', r'(?>a*)b', r'a*+', r'()\1', r'(?:a{0,65535}){0,9}', r'[^\x00-\U0010ffff]', r'\Z\A', r'(?<=(a))', r'(?-i:a)', r'((((((((((a))))))))))\10', r'(?s:.)$', '', r'|', r'(?#', r'[', r'*', r'(?P<1>a)', r'\8', r'(?z)', r'a{2,1}'):
    for text in ('', 'a', 'test', 'ab' * 50, '\ud800', '\U0010ffff', 'ı', '\0', 'a\nb'):
        for use in (re.match, re.search, re.fullmatch, re.findall, re.split, lambda p, t: re.sub(p, r'\g<0>\1', t), lambda p, t: re.compile(p).search(t, 2**62, -5), lambda p, t: re.compile(p).scanner(t).match(), lambda p, t: re.compile(p.encode()).match(t.encode())):
            try:
                use(pattern, text)
            except Exception:
                pass
