using System.Buffers.Text;
using System.Security.Cryptography;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.Forms;

/// <summary>
/// Forms whose answer shows a secret, so that it cannot be another page. Each carries an id of its own: whoever sends it again (a
/// reload, a second click) is led to what the first one made, where no secret is. See docs/adr/0011.
/// </summary>
/// <remarks>In this process alone, as the sessions are that could send the form again. The last <see cref="Most"/> forms are known.</remarks>
internal sealed class OneTimeForms
{
    private const int Most = 1000;
    private const int IdBytes = 16;
    private const int IdLength = 22;

    private readonly Lock gate = new();
    private readonly Dictionary<(TokenHash Session, string Form), TaskCompletionSource<string?>> known = [];
    private readonly Queue<(TokenHash Session, string Form)> oldest = new();

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    public static bool IsId(string? text) => text is { Length: IdLength } && Base64Url.IsValid(text);

    /// <summary>Waits while another request with the same form is at work.</summary>
    /// <returns>Null: the form is the caller's now, who must call <see cref="End"/>. Otherwise the path of what it made before.</returns>
    public async Task<string?> BeginAsync(ConsoleSession session, string form, CancellationToken cancellation)
    {
        var key = (session.Id, form);
        while (true)
        {
            TaskCompletionSource<string?>? earlier;
            lock (gate)
            {
                if (!known.TryGetValue(key, out earlier))
                {
                    if (oldest.Count >= Most) known.Remove(oldest.Dequeue());
                    known.Add(key, new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
                    oldest.Enqueue(key);
                    return null;
                }
            }
            if (await earlier.Task.WaitAsync(cancellation) is { } path) return path;
        }
    }

    /// <param name="path">What it made; null: nothing, and it can be sent again.</param>
    public void End(ConsoleSession session, string form, string? path)
    {
        TaskCompletionSource<string?>? mine;
        lock (gate)
        {
            if (!known.TryGetValue((session.Id, form), out mine)) return;
            if (path is null) known.Remove((session.Id, form));
        }
        mine.TrySetResult(path);
    }
}
