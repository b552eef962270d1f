-- Use up amounts of moving windows, by Redis's own clock, and say of which generation what verification reads is.
-- Each amount is used up if it fits, all of it or nothing; what follows one that does not fit is not looked at.
-- KEYS: the generation; then for each window its uses, a list of "microsecond:amount", the oldest first, and their sum.
-- ARGV: the generation that is expected, or nothing; the one to begin with where there is none; then for each window its
-- length in microseconds, its limit, the amount, and 1 to use it up or 0 to only ask.
-- Returns the generation and, unless another one was expected, for each window: 1 if the amount fits, what else fits
-- now, the microseconds until one more fits, and until the amount does.
local CHUNK = 500

local generation = redis.call('GET', KEYS[1])
if not generation then
    generation = ARGV[2]
    redis.call('SET', KEYS[1], generation)
end
if ARGV[1] ~= '' and ARGV[1] ~= generation then return {generation} end

local clock = redis.call('TIME')
local by_clock = tonumber(clock[1]) * 1000000 + tonumber(clock[2])

local function read(entry)
    local at, spent = string.match(entry, '^(%d+):(%d+)$')
    return tonumber(at), tonumber(spent)
end

local function take(uses, total, span, limit, amount, use)
    -- Calls seen(at, spent) for the uses from the oldest on, until it returns true.
    local function each(seen)
        local from = 0
        while true do
            local entries = redis.call('LRANGE', uses, from, from + CHUNK - 1)
            for _, entry in ipairs(entries) do
                if seen(read(entry)) then return end
            end
            if #entries < CHUNK then return end
            from = from + CHUNK
        end
    end

    local now = by_clock
    local newest = redis.call('LINDEX', uses, -1)
    if newest then now = math.max(now, (read(newest))) end

    local used = tonumber(redis.call('GET', total))
    if not used then
        used = 0
        each(function(_, spent) used = used + spent end)
    end

    local gone = 0
    each(function(at, spent)
        if at > now - span then return true end
        used, gone = used - spent, gone + 1
    end)
    if gone > 0 then redis.call('LTRIM', uses, gone, -1) end

    local fits = used + amount <= limit
    if fits and use and amount > 0 then
        redis.call('RPUSH', uses, string.format('%.0f:%d', now, amount))
        used = used + amount
    end
    if gone > 0 or (fits and use and amount > 0) then
        redis.call('SET', total, used, 'PX', math.ceil(span / 1000) + 1000)
        redis.call('PEXPIRE', uses, math.ceil(span / 1000) + 1000)
    end

    local function freed_in(needed)
        local freed_at = now
        each(function(at, spent)
            needed = needed - spent
            freed_at = at
            return needed <= 0
        end)
        return freed_at + span - now
    end

    local remaining = math.max(0, limit - used)
    local next_in, fits_in = 0, 0
    if remaining == 0 then next_in = freed_in(used + 1 - limit) end
    if not fits then
        if amount > limit then fits_in = span else fits_in = freed_in(used + amount - limit) end
    end
    return {fits and 1 or 0, remaining, next_in, fits_in}
end

local answer = {generation}
for window = 1, (#KEYS - 1) / 2 do
    local place = 4 * window - 1
    local taken = take(
        KEYS[2 * window], KEYS[2 * window + 1],
        tonumber(ARGV[place]), tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2]), ARGV[place + 3] == '1'
    )
    for _, value in ipairs(taken) do answer[#answer + 1] = value end
    if taken[1] == 0 then break end
end
return answer
