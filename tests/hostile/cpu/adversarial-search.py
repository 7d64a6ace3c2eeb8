# tries: the worst case of searching for a text in another
# attack: 13
# limits: wall_ms 1_000
# ends: succeeded or WallLimit
('a' * 10**6).find('a' * 10**5 + 'b')
