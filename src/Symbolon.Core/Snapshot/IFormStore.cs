using Symbolon.Core.Identity;

namespace Symbolon.Core.Snapshot;

/// <summary>Forms that may be done once, on whichever node of one store they arrive.</summary>
public interface IFormStore
{
    /// <summary>Takes the form for whoever asks first.</summary>
    /// <param name="form">SHA-256 over the session and the form's own id.</param>
    /// <param name="until">Microseconds since the Unix epoch from which on nobody can send it any more; it is remembered an hour longer, in case a clock goes back.</param>
    /// <exception cref="StoreUnavailableException">Nothing is known: the form is not done.</exception>
    Task<FormTaking> TakeAsync(OrganisationId organisation, TokenHash form, long until, CancellationToken cancellation);

    /// <summary>Ends what <see cref="TakeAsync"/> began.</summary>
    /// <param name="made">Path of what it made; null: nothing, and it can be sent again.</param>
    Task EndAsync(OrganisationId organisation, TokenHash form, string? made, CancellationToken cancellation);
}

/// <summary>What a form that arrives is to be answered with.</summary>
public abstract record FormTaking
{
    private FormTaking() { }

    /// <summary>Nobody sent it before: it is the caller's to do.</summary>
    public sealed record First : FormTaking;

    /// <summary>Another request is at work with it, or was when its node died.</summary>
    public sealed record AtWork : FormTaking;

    /// <summary>It was done.</summary>
    /// <param name="Path">Of what it made.</param>
    public sealed record Done(string Path) : FormTaking;
}
