-- wrk -s token.lua URL -- NAME FILE: token requests, each sent once. A line of FILE is a form, and behind a tab the proof of a key, if there is one.
local requests, next = {}, 0

function init(args)
  local start = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
  for line in io.lines(args[2]) do
    local form, proof = line:match("^([^\t]*)\t?(.*)$")
    if proof ~= "" then proof = "DPoP: " .. proof .. "\r\n" end
    requests[#requests + 1] = start .. proof .. "Content-Length: " .. #form .. "\r\n\r\n" .. form
  end
end

-- With the lines at their end the last one is sent again, and refused: a failure of the round, not a figure.
function request()
  if next < #requests then next = next + 1 end
  return requests[next]
end
