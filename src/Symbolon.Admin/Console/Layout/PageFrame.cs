using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Sessions;

namespace Symbolon.Admin.Console.Layout;

/// <summary>What every page of one answer shares.</summary>
/// <param name="Form">The hidden field that every form of the page carries.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>, or null for what the browser prefers.</param>
/// <param name="By">Who is signed in; null on pages before the sign-in.</param>
/// <param name="Notice">What the form before this page did.</param>
public sealed record PageFrame(FormToken Form, string? Theme, string? By, Notice? Notice)
{
    /// <summary>May use more than what is their own.</summary>
    public bool IsAdministrator { get; init; } = true;

    /// <summary>A person is signed in, not the admin token.</summary>
    public bool IsPerson { get; init; }

    /// <summary>What waits for a reviewer, as this node knows it.</summary>
    public int OpenReviews { get; init; }

    /// <summary>The page is where administrators work: see <see cref="IPublicAddresses.ServesConsole"/>.</summary>
    public bool ServesConsole { get; init; } = true;
}
