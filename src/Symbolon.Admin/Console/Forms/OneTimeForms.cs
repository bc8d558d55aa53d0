using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.Forms;

/// <summary>
/// Forms whose answer shows a secret, so that it cannot be another page. Each carries an id of its own: whoever sends it again (a
/// reload, a second click), to whichever node, is led to what the first one made, where no secret is. See docs/adr/0011 and 0013.
/// </summary>
internal sealed class OneTimeForms(IFormStore store, TimeProvider clock)
{
    /// <summary>Where a form leads that was sent before by a request that never said what came of it.</summary>
    public const string Unknown = "/tokens?order=issued&reverse=true";

    private const int IdBytes = 16;
    private const int IdLength = 22;

    /// <summary>Longer than a change may wait for its commit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    public static bool IsId(string? text) => text is { Length: IdLength } && Base64Url.IsValid(text);

    /// <summary>Waits while another request with the same form is at work, on any node.</summary>
    /// <returns>Null: the form is the caller's now, who must call <see cref="EndAsync"/>. Otherwise the path of what it made before, or <see cref="Unknown"/>.</returns>
    /// <exception cref="StoreUnavailableException">Nothing may be done with it.</exception>
    public async Task<string?> BeginAsync(ConsoleSession session, string form, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            switch (await store.TakeAsync(OrganisationId.Default, IdOf(session, form), UnixTime.ToMicroseconds(session.Expires), cancellation))
            {
                case FormTaking.First: return null;
                case FormTaking.Done { Path: var path }: return path;
                // Its node died, or could not say how it ended. Done twice would be worse than not at all.
                case FormTaking.AtWork when clock.GetElapsedTime(began) >= Patience: return Unknown;
                default:
                    await Task.Delay(Pause, clock, cancellation);
                    break;
            }
        }
    }

    /// <param name="path">What it made; null: nothing, and it can be sent again.</param>
    public async Task EndAsync(ConsoleSession session, string form, string? path)
    {
        try
        {
            await store.EndAsync(OrganisationId.Default, IdOf(session, form), path, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // What was made is made, and its secret is on the way to who asked for it. The form stays taken.
        }
    }

    private static TokenHash IdOf(ConsoleSession session, string form) => TokenHash.Of([.. session.Id.ToBytes(), .. Encoding.ASCII.GetBytes(form)]);
}
