using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>The connections of one member of a crowd to the gateway. Whatever it reads is looked through for the markers of others.</summary>
internal sealed class CrowdWire(Uri gateway, CrowdSeat seat, CrowdTally tally) : IDisposable
{
    // Whoever leaves leaves at once: nothing is read on to save the connection.
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero, MaxResponseDrainSize = 0 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The process is gone, or a message that has to come does not.</summary>
    private static TimeSpan Patience => 4 * Deadline.Usual;

    /// <param name="seen">Is told of each message as it comes; false leaves.</param>
    /// <param name="leave">Leaves wherever it is.</param>
    public async Task<CrowdReply> SendAsync(
        HttpMethod method, string server, string? body, (string Name, string Value)[] headers, Func<JsonNode, Task<bool>>? seen = null, CancellationToken leave = default)
    {
        var reply = new CrowdReply();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(leave);
        patience.CancelAfter(Patience);
        try
        {
            using var request = RequestOf(method, server, body, headers);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            reply.Status = answer.StatusCode;
            if (answer.Headers.TryGetValues("Mcp-Session-Id", out var session)) reply.Session = session.Single();
            Look(answer.Headers.ToString());
            if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") await ReadEventsAsync(reply, await answer.Content.ReadAsStreamAsync(patience.Token), seen, patience.Token);
            else await ReadWholeAsync(reply, answer, patience.Token);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            reply.HasLeft = true;
        }
        catch (OperationCanceledException)
        {
            tally.Wrong($"{seat.Marker}: nothing came for {method} {server} {body} within {Patience}");
            reply.HasLeft = true;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            tally.Wrong($"{seat.Marker}: {method} {server} {body} broke: {broken.Message}");
            reply.HasLeft = true;
        }
        return reply;
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage RequestOf(HttpMethod method, string server, string? body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(gateway, $"/t/mcp/{server}"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {seat.Token}");
        request.Headers.TryAddWithoutValidation("Accept", method == HttpMethod.Get ? "text/event-stream" : "application/json, text/event-stream");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    private async Task ReadWholeAsync(CrowdReply reply, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Look(text);
        if (text.Length > 0) reply.Messages.Add(JsonNode.Parse(text)!);
    }

    private async Task ReadEventsAsync(CrowdReply reply, Stream stream, Func<JsonNode, Task<bool>>? seen, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            Look(line);
            if (line.StartsWith("id: ", StringComparison.Ordinal)) reply.LastEvent = line[4..];
            if (!line.StartsWith("data: ", StringComparison.Ordinal) || line.Length == "data: ".Length) continue;
            var message = JsonNode.Parse(line["data: ".Length..])!;
            reply.Messages.Add(message);
            if (seen is null || await seen(message)) continue;
            reply.HasLeft = true;
            return;
        }
    }

    private void Look(string text)
    {
        foreach (var marker in Marker.In(text))
            if (marker != seat.Marker) tally.Wrong($"{seat.Marker} got what is {marker}'s: {text}");
    }
}
