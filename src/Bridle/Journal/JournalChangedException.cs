namespace Bridle.Journal;

/// <summary>The log was changed from outside while it was open. Nothing was appended; open it again and fold what is there now.</summary>
public sealed class JournalChangedException(string message) : JournalException(message);

/// <summary>Another process, or this one, has the log open. The message says who.</summary>
public sealed class JournalLockedException(string message) : JournalException(message);
