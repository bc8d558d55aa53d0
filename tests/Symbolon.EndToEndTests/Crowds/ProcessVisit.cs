using System.Collections.Concurrent;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>Calls to a server that is one process for a whole organisation, without a session.</summary>
internal sealed class ProcessVisit(CrowdWire wire, CrowdSeat seat, Random random, CrowdTally tally, ConcurrentDictionary<string, string> processes) : CrowdVisit(wire, seat, random, tally)
{
    public async Task RunAsync(Func<Task> think)
    {
        for (var step = Random.Next(2, 5); step > 0; step--)
        {
            await (Random.Next(4) switch { 0 => AskWhichAsync(), 1 => EchoAsync(hurries: true), _ => EchoAsync(hurries: false) });
            await think();
        }
    }

    private async Task EchoAsync(bool hurries)
    {
        var id = NextId();
        using var hurry = Hurry();
        var reply = await PostAsync("echo", id, hurries ? hurry.Token : default);
        Expect(reply, "answers of processes", id, result => (string?)result["content"]![0]!["text"] == Seat.Marker);
        foreach (var message in reply.Messages.Where(message => message["method"] is not null))
            if (message["params"]!["progressToken"]!.ToJsonString() != id || (string?)message["params"]!["message"] != Seat.Marker) Tally.Wrong($"{Seat.Marker}: the process told {message.ToJsonString()}");
    }

    /// <summary>Two organisations share no process.</summary>
    private async Task AskWhichAsync()
    {
        var id = NextId();
        var reply = await PostAsync("process", id, default);
        Expect(reply, "answers of processes", id, result => processes.GetOrAdd((string)result["content"]![0]!["text"]!, Seat.Organisation) == Seat.Organisation);
    }

    private Task<CrowdReply> PostAsync(string tool, string id, CancellationToken leave) => Wire.SendAsync(
        HttpMethod.Post, "sh",
        $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{"say":"{{{{Seat.Marker}}}}"},"_meta":{"progressToken":{{{{id}}}}}}}""",
        [], leave: leave);
}
